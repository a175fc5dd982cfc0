import { Agent } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { BenchController } from "../harness/controller.ts";
import { FleetHttp } from "../harness/fleet-http.ts";
import { cpuSeconds, rssMb } from "../harness/processes.ts";
import type { Row } from "../harness/row.ts";
import type { Scratch } from "../harness/scratch.ts";
import { SimulatedAgent } from "../harness/simulated-agent.ts";
import { round } from "../harness/statistics.ts";

const NODES = Number(process.env.DAMSON_BENCH_NODES ?? 5_000);
const INSTANCES = Number(process.env.DAMSON_BENCH_INSTANCES ?? 20_000);
const BEAT_MS = 5_000;
const WINDOW_MS = 30_000;
const CONNECTIONS = 128;
const JOINING = 64;
const P99_LIMIT_MS = 250;
const DEADLINE_MS = 180_000;

/** Heartbeats since the last look. */
class Beats {
  #times: number[] = [];
  readonly failures = new Map<string, number>();

  heartbeat(ms: number): void {
    this.#times.push(ms);
  }

  failed(what: string, error: unknown): void {
    const text = `${what}: ${error instanceof Error ? error.message.slice(0, 200) : error}`;
    this.failures.set(text, (this.failures.get(text) ?? 0) + 1);
  }

  take(): number[] {
    const taken = this.#times.toSorted((a, b) => a - b);
    this.#times = [];
    return taken;
  }
}

/** Thousands of agents on one controller: their heartbeats, and a deployment that reaches all of them. */
export async function measureFleet(scratch: Scratch, bin: string): Promise<readonly Row[]> {
  const controller = await BenchController.start(scratch, bin);
  const http = new FleetHttp(controller.url, CONNECTIONS);
  const beatHttp = new FleetHttp(controller.url, CONNECTIONS);
  const streams = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  const beats = new Beats();
  const agents = Array.from(
    { length: NODES },
    (_, index) => new SimulatedAgent(`n${index}`, { beats: beatHttp, http }, beats),
  );
  const ended = new AbortController();
  scratch.onClean(async () => {
    ended.abort();
    for (const agent of agents) agent.leave();
    http.close();
    beatHttp.close();
    streams.destroy();
  });
  const joinBegan = performance.now();
  await joinAll(agents, streams);
  const joined = (performance.now() - joinBegan) / 1_000;
  for (const agent of agents) void beat(agent, ended.signal);

  // The first round belongs to the joining.
  await delay(BEAT_MS);
  const quiet = await watched(controller.pid, beats, () => delay(WINDOW_MS));
  const idleRss = rssMb(controller.pid);
  let acknowledged = 0;
  const busy = await watched(controller.pid, beats, async () => {
    const began = performance.now();
    await deploy(http);
    acknowledged = (performance.now() - began) / 1_000;
  });
  return rowsOf({ joined, quiet, busy, acknowledged, idleRss, rss: rssMb(controller.pid), failures: beats.failures });
}

async function joinAll(agents: readonly SimulatedAgent[], streams: Agent): Promise<void> {
  const waiting = [...agents];
  const work = async (): Promise<void> => {
    for (let agent = waiting.pop(); agent; agent = waiting.pop()) await agent.join(streams);
  };
  await Promise.all(Array.from({ length: JOINING }, work));
}

/** Each agent at a moment of its own, as agents that were not started at once. */
async function beat(agent: SimulatedAgent, signal: AbortSignal): Promise<void> {
  await delay(Math.random() * BEAT_MS, undefined, { signal }).catch(() => undefined);
  while (!signal.aborted) {
    const due = performance.now() + BEAT_MS;
    await agent.heartbeat();
    await delay(Math.max(0, due - performance.now()), undefined, { signal }).catch(() => undefined);
  }
}

interface Watched {
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
  readonly cores: number;
}

async function watched(pid: number, beats: Beats, work: () => Promise<unknown>): Promise<Watched> {
  beats.take();
  const [began, cpu] = [performance.now(), cpuSeconds(pid)];
  await work();
  const seconds = (performance.now() - began) / 1_000;
  const times = beats.take();
  const at = (share: number): number => times[Math.floor((times.length - 1) * share)] ?? Number.NaN;
  return {
    p50: at(0.5),
    p99: at(0.99),
    perSecond: times.length / seconds,
    cores: (cpuSeconds(pid) - cpu) / seconds,
  };
}

/** Until every instance has been acknowledged by its agent. */
async function deploy(http: FleetHttp): Promise<void> {
  const spec = { app: "fleet", version: "1", pkg: { type: "binary", command: ["/bin/sleep", "infinity"] } };
  const { body } = await http.call("POST", "/v1/deployments", { name: "fleet", replicas: INSTANCES, spec });
  const { deploymentId } = JSON.parse(body);
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const deployments: { deploymentId: string; healthy: number }[] = JSON.parse(
      (await http.call("GET", "/v1/deployments")).body,
    );
    const healthy = deployments.find((one) => one.deploymentId === deploymentId)?.healthy ?? 0;
    if (healthy === INSTANCES) return;
    if (performance.now() > deadline) throw new Error(`only ${healthy} of ${INSTANCES} instances are healthy`);
    await delay(250);
  }
}

interface Measured {
  readonly joined: number;
  readonly quiet: Watched;
  readonly busy: Watched;
  readonly acknowledged: number;
  readonly idleRss: number;
  readonly rss: number;
  readonly failures: ReadonlyMap<string, number>;
}

function rowsOf({ joined, quiet, busy, acknowledged, idleRss, rss, failures }: Measured): Row[] {
  for (const [text, count] of failures) console.log(`failed ${count} times: ${text}`);
  const row = { peer: "", ratio: "", limit: "", met: undefined };
  const beats = ({ p50, p99, perSecond }: Watched): string =>
    `p50 ${round(p50)} ms, p99 ${round(p99)} ms, ${round(perSecond)}/s`;
  return [
    { ...row, what: `${NODES} agents join`, measured: `${round(joined)} s` },
    {
      ...row,
      what: `heartbeats of ${NODES} agents`,
      measured: beats(quiet),
      limit: `p99 < ${P99_LIMIT_MS} ms`,
      met: quiet.p99 < P99_LIMIT_MS && failures.size === 0,
    },
    {
      ...row,
      what: "CPU of the controller meanwhile",
      measured: `${round(quiet.cores)} cores`,
      limit: "≤ 1 core",
      met: quiet.cores <= 1,
    },
    { ...row, what: `RSS of the controller with ${NODES} agents`, measured: `${round(idleRss)} MB` },
    {
      ...row,
      what: `a deployment of ${INSTANCES} instances, until all agents have acknowledged it`,
      measured: `${round(acknowledged)} s`,
    },
    {
      ...row,
      what: `heartbeats while a deployment of ${INSTANCES} instances reaches them`,
      measured: beats(busy),
      limit: `p99 < ${P99_LIMIT_MS} ms`,
      met: busy.p99 < P99_LIMIT_MS,
    },
    { ...row, what: "CPU of the controller meanwhile", measured: `${round(busy.cores)} cores` },
    { ...row, what: "RSS of the controller then", measured: `${round(rss)} MB` },
  ];
}
