import { DamsonError, type Instance, memoryBytes } from "@damson/plugin-sdk";
import type { ProcessConfig } from "../config.ts";
import { type AskedLimits, askedLimits } from "../limits/asked.ts";
import type { Limits } from "../limits/limits.ts";
import { type LogBound, logBound } from "../logs/log-file.ts";
import { checkWorkingDir, findCommand } from "./command.ts";
import { environmentOf } from "./environment.ts";
import { type ProcessPackage, packages } from "./package-schema.ts";
import { checkReach, type RunAs, runAs } from "./user.ts";

/** What a spec comes to on this machine, before anything is made. */
export interface Plan {
  readonly pkg: ProcessPackage;
  readonly user: RunAs;
  readonly environment: Readonly<Record<string, string>>;
  readonly limits: AskedLimits;
}

/** What planning needs to know beside the spec. */
export interface Machine {
  readonly limits: Limits;
  readonly setpriv: string | undefined;
  /** See {@link environmentOf}. */
  readonly marker: string;
}

/**
 * Checks all of a spec that can be checked before its artifact is there.
 *
 * @throws DamsonError with a 4xx status and the place in `pkg`.
 */
export async function planFor(instance: Instance, { limits, setpriv, marker }: Machine): Promise<Plan> {
  const pkg = packages.read(instance.pkg);
  checkPorts(pkg);
  checkLengths(pkg);
  const user = await runAs(pkg.user, setpriv);
  const asked = askedLimits(pkg.resources);
  limits.check(asked);
  return { pkg, user, environment: environmentOf(instance, pkg, user.home, marker), limits: asked };
}

/** Where a command runs and is looked for. */
export interface Places {
  /** Where it runs when the spec does not say. */
  readonly cwd: string;
  /** What a relative command is relative to, unless the spec has a working_dir; of an artifact, always. */
  readonly base: string;
  /** The file with the lines of a script. */
  readonly script: string;
}

/**
 * The command line and the directory that it runs in.
 *
 * @throws DamsonError `WORKING_DIR_MISSING`, `COMMAND_NOT_FOUND`, `COMMAND_NOT_EXECUTABLE` or `USER_CANNOT_REACH` (422).
 */
export async function commandFor(
  { pkg, user, environment }: Plan,
  { cwd: usual, base, script }: Places,
): Promise<{ command: string[]; cwd: string }> {
  const cwd = pkg.working_dir ?? usual;
  checkWorkingDir(cwd);
  const path = environment.PATH ?? "";
  const args = pkg.args ?? [];
  if (pkg.type === "script") {
    const shell = findCommand({ command: pkg.shell ?? "sh", directory: cwd, path, place: "pkg.shell" });
    await checkReach(user, pkg.user ?? "", cwd, shell);
    return { command: [shell, script, ...args], cwd };
  }
  const [program = "", ...rest] = pkg.command ?? ["./start.sh"];
  const directory = pkg.type === "artifact" ? base : (pkg.working_dir ?? base);
  const found = findCommand({
    command: program,
    directory,
    path,
    place: "pkg.command[0]",
    ...(pkg.type === "artifact" ? { called: "the archive" } : {}),
  });
  await checkReach(user, pkg.user ?? "", cwd, found);
  return { command: [found, ...rest, ...args], cwd };
}

/** How much log is kept: as the spec says, else as plugins.yaml says. */
export function logBoundFor({ logs }: Pick<ProcessPackage, "logs">, defaults: ProcessConfig["logs"] = {}): LogBound {
  const { max_size = defaults.max_size ?? "10m", max_files = defaults.max_files ?? 5 } = logs ?? {};
  return logBound(memoryBytes(max_size), max_files);
}

/** A program that is given more fails to start; the kernel's MAX_ARG_STRLEN, without the NUL that ends it. */
const LONGEST_TEXT_BYTES = 131_071;
/** A quarter of the usual stack of 8 MiB is for all of them (execve(2)), less what the runtime adds. */
const ALL_TEXTS_BYTES = 2 ** 21 - 2 ** 16;
/** A text takes a NUL at its end and a pointer to it. */
const POINTER_BYTES = 9;

function checkLengths(pkg: ProcessPackage): void {
  const { args = [], environment = {} } = pkg;
  // The lines of a script are in a file.
  const command = pkg.type === "script" ? [] : (pkg.command ?? []);
  const texts: [place: string, text: string][] = [
    ...command.map((text, index): [string, string] => [`pkg.command[${index}]`, text]),
    ...args.map((text, index): [string, string] => [`pkg.args[${index}]`, text]),
    ...Object.entries(environment).map(([name, value]): [string, string] => [
      `pkg.environment.${name}`,
      `${name}=${value}`,
    ]),
  ];
  const issues: { path: string; message: string }[] = [];
  let total = 0;
  for (const [path, text] of texts) {
    const bytes = Buffer.byteLength(text);
    total += bytes + POINTER_BYTES;
    if (bytes > LONGEST_TEXT_BYTES) issues.push({ path, message: `has ${bytes} bytes` });
  }
  if (total > ALL_TEXTS_BYTES)
    issues.push({ path: "pkg", message: `arguments and variables have ${total} bytes together` });
  if (issues.length === 0) return;
  throw new DamsonError(
    "ARGUMENT_TOO_LONG",
    `an argument or variable of a program has at most ${LONGEST_TEXT_BYTES} bytes, and all together ${ALL_TEXTS_BYTES}`,
    { status: 422, remedy: "Pass what is longer in a file.", issues },
  );
}

/** A process uses the host's ports: what it listens on is what others see. */
function checkPorts({ ports = [] }: ProcessPackage): void {
  const issues = ports.flatMap(({ host_port, container_port }, index) =>
    host_port !== undefined && container_port !== undefined && host_port !== container_port
      ? [{ path: `pkg.ports[${index}].container_port`, message: `differs from host_port ${host_port}` }]
      : [],
  );
  if (issues.length === 0) return;
  throw new DamsonError("PORTS_NOT_MAPPED", "ports of a process cannot be mapped to others", {
    status: 422,
    remedy: "Leave out container_port, and have the app listen on host_port.",
    issues,
  });
}
