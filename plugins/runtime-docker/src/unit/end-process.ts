import { readFileSync } from "node:fs";

/**
 * Kills a process of a container on this machine. The pid is the engine's, which may be on another machine or in another
 * pid namespace: only a process that the kernel says belongs to the container is signalled.
 */
export function endProcess(pid: number, containerId: string): void {
  try {
    if (readFileSync(`/proc/${pid}/cgroup`, "utf8").includes(containerId)) process.kill(pid, "SIGKILL");
  } catch {
    // It has ended, or is none of this machine's.
  }
}
