import { DamsonError, type Handle, type ResourceUsage } from "@damson/plugin-sdk";
import type { ContainerInspectInfo, ContainerStats } from "dockerode";
import { isRefusal } from "../engine/answers.ts";
import type { Engine } from "../engine/engine.ts";
import { jsonLines } from "../engine/json-lines.ts";
import { tooSlow } from "../engine/unreachable.ts";

const NANO = 1_000_000_000;

/** Less than the agent gives to this call. */
const ANSWER_MS = 8_000;

/**
 * What a container uses now.
 *
 * @throws DamsonError `NOT_RUNNING` (409), and `RUNTIME_UNAVAILABLE` when the engine has not answered within `answerMs`
 */
export async function usage(
  engine: Engine,
  { Id, HostConfig }: ContainerInspectInfo,
  answerMs = ANSWER_MS,
): Promise<ResourceUsage> {
  const late = AbortSignal.timeout(answerMs);
  // `one-shot` spares the engine a second look, a second later, that only a share of the processor would need.
  const query = { stream: false, "one-shot": true };
  for await (const stats of samples(engine, Id, query, late)) {
    // Of a container that has just ended, nothing was measured, at no time.
    if (Date.parse(stats.read) > 0) return usageOf(stats, HostConfig.Memory);
  }
  if (late.aborted) throw tooSlow(engine.address, "what a container uses", answerMs);
  throw notRunning(Id);
}

/** The same about once a second, until the container has ended or `signal` aborts. */
export async function* watchUsage(
  engine: Engine,
  { Id, HostConfig }: ContainerInspectInfo,
  signal: AbortSignal,
): AsyncGenerator<ResourceUsage> {
  for await (const stats of samples(engine, Id, { stream: true }, signal)) {
    const found = usageOf(stats, HostConfig.Memory);
    // The last sample, of a container that has ended, is empty.
    if (found.processes === 0) return;
    yield found;
  }
}

/** The error of a unit that has ended. */
export function notRunning(instanceId: string): DamsonError {
  return new DamsonError("NOT_RUNNING", `${instanceId} does not run`, { status: 409 });
}

async function* samples(
  engine: Engine,
  id: Handle["instanceId"],
  query: object,
  signal: AbortSignal,
): AsyncGenerator<ContainerStats> {
  const leaving = new AbortController();
  try {
    const stream = await engine.stream(`/containers/${id}/stats?`, query, AbortSignal.any([signal, leaving.signal]));
    yield* jsonLines<ContainerStats>(stream);
  } catch (error) {
    if (signal.aborted || isRefusal(error, 404)) return;
    throw engine.explain(error);
  } finally {
    leaving.abort();
  }
}

/** As `docker stats` reckons it: memory without the files that the kernel could let go of. */
function usageOf(
  { read, memory_stats, cpu_stats, pids_stats }: ContainerStats,
  limit: number | undefined,
): ResourceUsage {
  const details: Readonly<Record<string, number>> = { ...memory_stats?.stats };
  // The kernel's names differ between cgroup v1 and v2.
  const cached = details.total_inactive_file ?? details.inactive_file ?? 0;
  return {
    at: new Date(read).toISOString(),
    cpu_seconds: (cpu_stats?.cpu_usage?.total_usage ?? 0) / NANO,
    memory_bytes: Math.max((memory_stats?.usage ?? 0) - cached, 0),
    ...(limit ? { memory_limit_bytes: limit } : {}),
    processes: pids_stats?.current ?? 0,
  };
}
