import { readFile } from "node:fs/promises";
import type { StartOptions } from "pm2";
import type { Scratch } from "./scratch.ts";

/** A PM2 daemon of our own. */
export interface Pm2 {
  /** Pid of the daemon. */
  readonly pid: number;
  /** Resolves when PM2 calls back. */
  start(options: StartOptions): Promise<void>;
  remove(name: string): Promise<void>;
}

type Callback = (error: unknown) => void;

/** Starts a PM2 daemon with its home in `scratch`, which ends it, and connects to it. One a process. */
export async function startPm2(scratch: Scratch): Promise<Pm2> {
  const home = scratch.path("pm2");
  // Read when the module is loaded.
  process.env.PM2_HOME = home;
  process.env.PM2_DISABLE_VERSION_CHECK = "true";
  const { default: pm2 } = await import("pm2");
  await called((done) => pm2.connect(done));
  scratch.onClean(() => called((done) => pm2.killDaemon(done)));
  return {
    pid: Number(await readFile(`${home}/pm2.pid`, "utf8")),
    start: (options) => called((done) => pm2.start(options, done)),
    remove: (name) => called((done) => pm2.delete(name, done)),
  };
}

function called(call: (done: Callback) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    call((error) => (error ? reject(error) : resolve()));
  });
}
