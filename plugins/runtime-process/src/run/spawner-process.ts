import { type ChildProcess, spawn } from "node:child_process";
import type { SpawnerNews, SpawnerOrder, SpawnRequest } from "./spawner.ts";

/** The helper process of `Spawner`: starts what it is told to over IPC, and ends with the agent. */
const processes = new Map<number, ChildProcess>();

process.on("message", (order: SpawnerOrder) => {
  if ("kill" in order) processes.get(order.id)?.kill("SIGKILL");
  else start(order.id, order);
});
process.once("disconnect", () => process.exit());

function start(id: number, { file, args, cwd, environment }: SpawnRequest): void {
  const ended = (news: SpawnerNews): void => {
    processes.delete(id);
    process.send?.(news);
  };
  try {
    const child = spawn(file, args, { cwd, env: environment, stdio: "ignore", detached: true });
    processes.set(id, child);
    child.once("exit", () => ended({ id }));
    child.once("error", (error) => ended({ id, error: error.message }));
  } catch (error) {
    // Some failures are thrown, such as too long an argument list.
    ended({ id, error: String(error) });
  }
}
