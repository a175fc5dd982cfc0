import type { Instance } from "@damson/plugin-sdk";
import type { DockerRuntime } from "@damson/runtime-docker";
import { BenchAgent } from "../harness/agent.ts";
import { openDockerRuntime } from "../harness/docker-plugin.ts";
import { benchOwner, containerApp, dockerAgent, RawEngine, sleepingPackage } from "../harness/engine.ts";
import { callText } from "../harness/http.ts";
import { type CallTimes, noting } from "../harness/http-calls.ts";
import type { Row } from "../harness/row.ts";
import type { Scratch } from "../harness/scratch.ts";
import { median, round, showSpread, spreadOf } from "../harness/statistics.ts";

const ROUNDS = 80;
const WARM_UP = 3;
const LIMIT = 1.15;
const NETWORKS = ["none", "bridge"];

interface Times {
  readonly raw: number[];
  readonly applied: number[];
  readonly runtime: number[];
  readonly calls: CallTimes;
}

/**
 * From `POST /v1/apply?wait=running` to its answer for a container, and the part of that which is the runtime's, beside two
 * calls of the engine's own API that make and start the very same container.
 */
export async function measureDocker(scratch: Scratch, bin: string): Promise<readonly Row[]> {
  const owner = benchOwner();
  const engine = new RawEngine();
  for (const name of [owner, `${owner}-raw`, `${owner}-runtime`]) engine.removeAtEnd(scratch, name);
  const agent = await BenchAgent.start(scratch, bin, dockerAgent(owner));
  const runtime = await openDockerRuntime(scratch, bin, `${owner}-runtime`);
  const rows: Row[] = [];
  for (const network of NETWORKS) rows.push(...rowsOf(network, await timesOf(engine, agent, runtime, owner, network)));
  return rows;
}

async function timesOf(
  engine: RawEngine,
  agent: BenchAgent,
  runtime: DockerRuntime,
  owner: string,
  network: string,
): Promise<Times> {
  const body = await likenessOfApp(engine, agent, owner, network);
  const times: Times = { raw: [], applied: [], runtime: [], calls: new Map() };
  const takers = [
    async () => times.raw.push(await rawRun(engine, body)),
    async () => times.applied.push(await apply(agent, network)),
    async () => times.runtime.push(await start(engine, runtime, `${owner}-runtime`, network, times.calls)),
  ];
  for (let index = 0; index < WARM_UP + ROUNDS; index += 1) {
    if (index === WARM_UP) {
      for (const list of [times.raw, times.applied, times.runtime]) list.length = 0;
      times.calls.clear();
    }
    // Each follows each of the others equally often: what the removal of one leaves behind hits all.
    const order = index % 2 === 0 ? takers : takers.toReversed();
    for (const [turn] of order.entries()) await order[(turn + index) % order.length]?.();
  }
  return times;
}

/** What the engine is told to make for the raw calls: all that it knows of a container that the agent had it make. */
async function likenessOfApp(engine: RawEngine, agent: BenchAgent, owner: string, network: string): Promise<object> {
  await callText(`${agent.url}/v1/apply?wait=running`, { method: "POST", body: containerApp("model", network) });
  const [id] = (await agent.status()).flatMap(({ instances }) => instances.flatMap((one) => one.container_id ?? []));
  if (id === undefined) throw new Error("the app has no container");
  const body = await engine.likeness(id, `${owner}-raw`);
  await callText(`${agent.url}/v1/apps/model?wait=true`, { method: "DELETE" });
  return body;
}

async function rawRun(engine: RawEngine, body: object): Promise<number> {
  const begin = performance.now();
  const id = await engine.run(body);
  const took = performance.now() - begin;
  await engine.remove(id);
  return took;
}

async function apply(agent: BenchAgent, network: string): Promise<number> {
  const body = containerApp("app", network);
  const begin = performance.now();
  await callText(`${agent.url}/v1/apply?wait=running`, { method: "POST", body });
  const took = performance.now() - begin;
  await callText(`${agent.url}/v1/apps/app?wait=true`, { method: "DELETE" });
  return took;
}

async function start(
  engine: RawEngine,
  runtime: DockerRuntime,
  owner: string,
  network: string,
  calls: CallTimes,
): Promise<number> {
  const instance: Instance = {
    owner,
    nodeId: "bench",
    app: "alone",
    version: "1",
    instanceId: "alone-1",
    run: 1,
    pkg: sleepingPackage(network),
    environment: {},
  };
  await runtime.prepare(instance, () => undefined, new AbortController().signal);
  const begin = performance.now();
  const { data } = await noting(calls, () => runtime.start(instance));
  const took = performance.now() - begin;
  await engine.remove(String(data.id));
  return took;
}

function rowsOf(network: string, { raw, applied, runtime, calls }: Times): readonly Row[] {
  const over = (values: readonly number[]): number => median(values) / median(raw);
  const peer = `raw Engine API: create + start: ${showSpread(spreadOf(raw), "ms")}`;
  const parts = [...calls].map(([name, took]) => `\`${name}\` ${round(median(took))}`);
  return [
    {
      what: `docker app, network \`${network}\`: \`POST /v1/apply?wait=running\`, p50`,
      measured: showSpread(spreadOf(applied), "ms"),
      peer,
      ratio: `${over(applied).toFixed(3)} ×`,
      limit: `≤ ${LIMIT} ×`,
      met: over(applied) <= LIMIT,
    },
    {
      what: `the same: \`start\` of the runtime alone (calls of the engine, p50 in ms: ${parts.join(", ")})`,
      measured: showSpread(spreadOf(runtime), "ms"),
      peer,
      ratio: `${over(runtime).toFixed(3)} ×`,
      limit: "",
      met: undefined,
    },
  ];
}
