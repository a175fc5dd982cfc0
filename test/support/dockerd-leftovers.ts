import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { removeLink } from "./bridge.ts";
import { pidsNaming } from "./pids-naming.ts";
import { runProgram } from "./run-program.ts";
import { unmountAll } from "./unmount-all.ts";

/**
 * Kills all that runs in containers of a Docker Engine whose dockerd has ended, and removes what the engine made: shims,
 * mounts, bridges of networks, files.
 *
 * @param directory which has `data` and `exec` of the engine
 */
export async function removeDockerdLeftovers(directory: string): Promise<void> {
  const runtimeRoot = join(directory, "exec/runtime-runc/moby");
  for (const id of entries(runtimeRoot)) await runProgram("runc", ["--root", runtimeRoot, "delete", "--force", id]);
  for (const pid of pidsNaming(directory, "containerd-shim")) process.kill(pid, "SIGKILL");
  const tasks = join(directory, "exec/containerd/daemon/io.containerd.runtime.v2.task/moby");
  for (const id of entries(tasks)) rmSync(read(join(tasks, id, "address")).replace("unix://", ""), { force: true });
  await unmountAll(directory);
  for (const bridge of bridgesIn(directory)) await removeLink(bridge);
  rmSync(directory, { recursive: true, force: true });
}

/** Bridges of networks that were made in the engine, from its own records. */
function bridgesIn(directory: string): Set<string> {
  const records = read(join(directory, "data/network/files/local-kv.db"));
  return new Set([...records.matchAll(/"BridgeName":"(br-[0-9a-f]{12})"/g)].map(([, name = ""]) => name));
}

/** Empty where there is no such directory. */
function entries(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
