import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "./run-program.ts";

/** Makes a network bridge whose addresses no other test's has; gives its name. */
export async function makeBridge(): Promise<string> {
  for (let block = 200; block < 250; block += 1) {
    const name = `damson-e2e-${block}`;
    try {
      await ip("link", "add", name, "type", "bridge");
    } catch (thrown) {
      if (String(thrown).includes("File exists")) continue;
      throw thrown;
    }
    await ip("address", "add", `10.${block}.0.1/24`, "dev", name);
    await ip("link", "set", name, "up");
    return name;
  }
  throw new Error("too many bridges that tests made: `ip link` names them");
}

/**
 * Kills all that runs in containers of a Docker Engine whose dockerd has ended, and removes what the engine made: shims,
 * mounts, bridges, files.
 *
 * @param directory which has `data` and `exec` of the engine
 */
export async function removeLeftovers(directory: string, bridge: string): Promise<void> {
  const runtimeRoot = join(directory, "exec/runtime-runc/moby");
  for (const id of entries(runtimeRoot)) await runProgram("runc", ["--root", runtimeRoot, "delete", "--force", id]);
  for (const pid of shimsIn(directory)) process.kill(pid, "SIGKILL");
  const tasks = join(directory, "exec/containerd/daemon/io.containerd.runtime.v2.task/moby");
  for (const id of entries(tasks)) rmSync(read(join(tasks, id, "address")).replace("unix://", ""), { force: true });
  for (const mount of mountsIn(directory)) await runProgram("umount", [mount]);
  for (const name of new Set([bridge, ...bridgesIn(directory)])) await removeLink(name);
  rmSync(directory, { recursive: true, force: true });
}

/** Pids of the shims of an engine: their command names the socket of its containerd. */
function shimsIn(directory: string): number[] {
  return entries("/proc")
    .filter((name) => /^[0-9]+$/.test(name))
    .filter((pid) => {
      const command = read(`/proc/${pid}/cmdline`).split("\0");
      return command[0]?.includes("containerd-shim") && command.some((word) => word.startsWith(`${directory}/exec/`));
    })
    .map(Number);
}

/** Mount points in this directory, inner ones first. */
function mountsIn(directory: string): string[] {
  return read("/proc/self/mountinfo")
    .split("\n")
    .map((line) => line.split(" ")[4] ?? "")
    .filter((path) => path.startsWith(`${directory}/`))
    .reverse();
}

/** Bridges of networks that were made in the engine, from its own records. */
function bridgesIn(directory: string): string[] {
  const records = read(join(directory, "data/network/files/local-kv.db"));
  return [...records.matchAll(/"BridgeName":"(br-[0-9a-f]{12})"/g)].map(([, name = ""]) => name);
}

async function removeLink(name: string): Promise<void> {
  if (entries("/sys/class/net").includes(name)) await ip("link", "delete", name);
}

function ip(...words: string[]): Promise<unknown> {
  return runProgram("ip", words);
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
