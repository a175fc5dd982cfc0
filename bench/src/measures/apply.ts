import { fork } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { BenchAgent } from "../harness/agent.ts";
import { SLEEP, sleeper } from "../harness/apps.ts";
import { callText, closeConnections } from "../harness/http.ts";
import { type Pm2, startPm2 } from "../harness/pm2.ts";
import type { Row } from "../harness/row.ts";
import type { Scratch } from "../harness/scratch.ts";
import { round, showSpread, spreadOf } from "../harness/statistics.ts";

const RAW = fileURLToPath(new URL("../peers/raw-spawn.ts", import.meta.url));
const ROUNDS = 40;
const WARM_UP = 5;
const RAW_LIMIT = 3;
const PM2_LIMIT = 0.5;

/** Time from `POST /v1/apply?wait=running` to its answer, beside a raw spawn with one synced write, and beside PM2. */
export async function measureApply(scratch: Scratch, bin: string): Promise<readonly Row[]> {
  const agent = await BenchAgent.start(scratch, bin);
  const pm2 = await startPm2(scratch);
  const rawSpawn = startRaw(scratch);
  const times = { raw: [] as number[], damson: [] as number[], pm2: [] as number[] };
  for (let index = 0; index < WARM_UP + ROUNDS; index += 1) {
    const raw = await rawSpawn();
    const damson = await apply(agent, `app-${index}`);
    const started = await pm2Start(pm2, `app-${index}`);
    if (index < WARM_UP) continue;
    times.raw.push(raw);
    times.damson.push(damson);
    times.pm2.push(started);
  }
  const [damson, raw, started] = [spreadOf(times.damson), spreadOf(times.raw), spreadOf(times.pm2)];
  const overRaw = damson.median / raw.median;
  const overPm2 = damson.median / started.median;
  const row = { what: "process app: `POST /v1/apply?wait=running`, p50", measured: showSpread(damson, "ms") };
  return [
    {
      ...row,
      peer: `raw spawn + one fsync'd write: ${showSpread(raw, "ms")}`,
      ratio: `${round(overRaw)} ×`,
      limit: `≤ ${RAW_LIMIT} ×`,
      met: overRaw <= RAW_LIMIT,
    },
    {
      ...row,
      peer: `PM2: connect, start, callback: ${showSpread(started, "ms")}`,
      ratio: `${round(overPm2)} ×`,
      limit: `≤ ${PM2_LIMIT} ×`,
      met: overPm2 <= PM2_LIMIT,
    },
  ];
}

async function apply(agent: BenchAgent, app: string): Promise<number> {
  closeConnections();
  const took = await timed(() =>
    callText(`${agent.url}/v1/apply?wait=running`, { method: "POST", body: sleeper(app) }),
  );
  await callText(`${agent.url}/v1/apps/${app}?wait=true`, { method: "DELETE" });
  return took;
}

/** What the work comes to without anything that keeps the app; in a process with nothing else in it. */
function startRaw(scratch: Scratch): () => Promise<number> {
  const peer = fork(RAW, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const exit = once(peer, "exit");
  scratch.onClean(async () => {
    peer.disconnect();
    await exit;
  });
  const order = { file: scratch.path("raw"), text: JSON.stringify(sleeper("raw")), ...SLEEP };
  return async () => {
    await rm(order.file, { force: true });
    peer.send(order);
    const [took] = await once(peer, "message");
    return took;
  };
}

async function pm2Start(pm2: Pm2, name: string): Promise<number> {
  await pm2.disconnect();
  const took = await timed(async () => {
    await pm2.connect();
    await pm2.start({ name, script: SLEEP.command, args: [...SLEEP.args], interpreter: "none" });
  });
  await pm2.remove(name);
  return took;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
