import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StartOptions } from "pm2";
import type { Scratch } from "./scratch.ts";

/** A PM2 daemon of our own. */
export interface Pm2 {
  /** Pid of the daemon. */
  readonly pid: number;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  /** Resolves when PM2 calls back. */
  start(options: StartOptions): Promise<void>;
  remove(name: string): Promise<void>;
}

type Callback = (error: unknown) => void;

let home: string | undefined;

/** Starts a PM2 daemon with a home of its own, which `scratch` ends, and connects to it. */
export async function startPm2(scratch: Scratch): Promise<Pm2> {
  home ??= makeHome();
  const { default: pm2 } = await import("pm2");
  // Its types leave out that it calls back.
  const ending: { disconnect(done: () => void): void } = pm2;
  const connect = (): Promise<void> => called((done) => pm2.connect(done));
  const disconnect = (): Promise<void> => new Promise((resolve) => ending.disconnect(() => resolve()));
  await connect();
  scratch.onClean(() => called((done) => pm2.killDaemon(done)));
  return {
    pid: Number(await readFile(`${home}/pm2.pid`, "utf8")),
    connect,
    disconnect,
    start: (options) => called((done) => pm2.start(options, done)),
    remove: (name) => called((done) => pm2.delete(name, done)),
  };
}

function called(call: (done: Callback) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    call((error) => (error ? reject(error) : resolve()));
  });
}

/** PM2 reads where its home is once, when it is loaded: there is one for as long as this process lives. */
function makeHome(): string {
  const directory = mkdtempSync(join(tmpdir(), "damson-bench-pm2-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  process.env.PM2_HOME = directory;
  process.env.PM2_DISABLE_VERSION_CHECK = "true";
  return directory;
}
