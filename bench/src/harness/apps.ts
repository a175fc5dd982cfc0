import { setTimeout as delay } from "node:timers/promises";
import type { AppStatus, BenchAgent } from "./agent.ts";
import { callText } from "./http.ts";

const CONCURRENCY = 32;
const LOOK_EVERY_MS = 100;
const DEADLINE_MS = 120_000;

/** The program that every app of the benchmarks runs, unless it says otherwise. */
export const SLEEP = { command: "/bin/sleep", args: ["100000"] } as const;

/** Apply document of an app that sleeps. */
export function sleeper(app: string): object {
  return { app, version: "1", pkg: { type: "binary", command: [SLEEP.command], args: SLEEP.args } };
}

/** Applies `count` apps, a bounded number of calls at once; resolves when the status says that all run. */
export async function applyMany(agent: BenchAgent, count: number, documentOf = sleeper): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `app-${index}`);
  const next = names.values();
  const caller = async (): Promise<void> => {
    for (const name of next)
      await callText(`${agent.url}/v1/apply?wait=running`, { method: "POST", body: documentOf(name) });
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, caller));
  await allRunning(agent, count);
}

/** Resolves with the status once `count` apps run. */
export async function allRunning(agent: BenchAgent, count: number): Promise<readonly AppStatus[]> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const apps = await agent.statusIfUp();
    const running = runningUnits(apps ?? []).length;
    if (apps && running === count) return apps;
    if (Date.now() > deadline) throw new Error(`only ${running} of ${count} apps run`);
    await delay(LOOK_EVERY_MS);
  }
}

/** Pids of the apps that run. */
export function runningPids(apps: readonly AppStatus[]): number[] {
  return runningUnits(apps).map(Number);
}

/** Pids or container ids of the apps that run. */
export function runningUnits(apps: readonly AppStatus[]): string[] {
  return apps.flatMap(({ status, instances }) =>
    status === "running" ? instances.flatMap(({ pid, container_id }) => container_id ?? (pid ? String(pid) : [])) : [],
  );
}
