import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";

interface RawSpawn {
  readonly file: string;
  readonly text: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** Writes a file with fsync, spawns a program, and tells over IPC how long that took, in milliseconds. */
process.on("message", async ({ file, text, command, args }: RawSpawn) => {
  const begin = performance.now();
  await writeFile(file, text, { flush: true });
  const child = spawn(command, args, { stdio: "ignore", detached: true });
  await once(child, "spawn");
  const took = performance.now() - begin;
  const exit = once(child, "exit");
  child.kill();
  await exit;
  process.send?.(took);
});
process.once("disconnect", () => process.exit());
