import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";
import { BenchAgent } from "../harness/agent.ts";
import { applyMany } from "../harness/apps.ts";
import { callText } from "../harness/http.ts";
import { cpuSeconds } from "../harness/processes.ts";
import type { Row } from "../harness/row.ts";
import type { Scratch } from "../harness/scratch.ts";
import { median, round, showSpread, spreadOf } from "../harness/statistics.ts";

const APPS = 1_000;
const ROUNDS = 7;
const SECONDS = 3;
const CONNECTIONS = 20;
const LIMIT = 0.6;
const BARE = fileURLToPath(new URL("../peers/bare-fastify.ts", import.meta.url));

interface Server {
  readonly pid: number;
  readonly url: string;
}

interface Load {
  /** Answers per second. */
  readonly rate: number;
  /** Processor time of the server for one answer, in microseconds. */
  readonly cost: number;
}

/** Answers per second of `GET /v1/status/{app}`, beside a Fastify route that sends the same bytes. */
export async function measureStatus(scratch: Scratch, bin: string): Promise<readonly Row[]> {
  const agent = await BenchAgent.start(scratch, bin);
  await applyMany(agent, APPS);
  const path = `/v1/status/app-${APPS / 2}`;
  const ours = { pid: agent.pid, url: agent.url + path };
  const bare = await serveBare(scratch, await callText(ours.url), path);
  for (const server of [ours, bare]) await load(server);
  const damson: Load[] = [];
  const fastify: Load[] = [];
  for (let index = 0; index < ROUNDS; index += 1) {
    damson.push(await load(ours));
    fastify.push(await load(bare));
  }
  const rate = spreadOf(damson.map((one) => one.rate));
  const bareRate = spreadOf(fastify.map((one) => one.rate));
  const ratio = rate.median / bareRate.median;
  const cost = median(damson.map((one) => one.cost));
  const bareCost = median(fastify.map((one) => one.cost));
  return [
    {
      what: "`GET /v1/status/{app}` with 1,000 apps",
      measured: showSpread(rate, "/s"),
      peer: `bare Fastify route, same bytes: ${showSpread(bareRate, "/s")}`,
      ratio: `${round(ratio)} ×`,
      limit: `≥ ${LIMIT} ×`,
      met: ratio >= LIMIT,
    },
    {
      what: "the same: processor time of the server for one answer",
      measured: `${round(cost)} µs`,
      peer: `bare Fastify route: ${round(bareCost)} µs`,
      ratio: `${round(bareCost / cost)} ×`,
      limit: "",
      met: undefined,
    },
  ];
}

async function load({ url, pid }: Server): Promise<Load> {
  const before = cpuSeconds(pid);
  const { requests, non2xx, errors } = await autocannon({ url, connections: CONNECTIONS, duration: SECONDS });
  if (non2xx + errors > 0) throw new Error(`${url}: ${non2xx + errors} calls failed`);
  return { rate: requests.average, cost: ((cpuSeconds(pid) - before) / requests.total) * 1e6 };
}

async function serveBare(scratch: Scratch, body: string, path: string): Promise<Server> {
  const child = fork(BARE, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const exit = once(child, "exit");
  scratch.onClean(async () => {
    child.disconnect();
    await exit;
  });
  child.send(body);
  const [address] = await once(child, "message");
  if (child.pid === undefined) throw new Error("the peer could not be started");
  const url = `${address}${path}`;
  if ((await callText(url)) !== body) throw new Error("the peer answers something else");
  return { pid: child.pid, url };
}
