import { homedir, hostname } from "node:os";

/** What of the machine and the process the settings depend on. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  readonly hostname: string;
  /** Whether this process runs as root. */
  readonly root: boolean;
}

/** This machine, as it is now. */
export function thisMachine(): Machine {
  return {
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    hostname: hostname(),
    root: process.getuid?.() === 0,
  };
}
