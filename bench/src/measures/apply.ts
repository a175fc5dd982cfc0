import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { BenchAgent } from "../harness/agent.ts";
import { SLEEP, sleeper } from "../harness/apps.ts";
import { callText } from "../harness/http.ts";
import { type Pm2, startPm2 } from "../harness/pm2.ts";
import type { Row } from "../harness/row.ts";
import type { Scratch } from "../harness/scratch.ts";
import { round, showSpread, spreadOf } from "../harness/statistics.ts";

const ROUNDS = 60;
const WARM_UP = 5;
const RAW_LIMIT = 3;
const PM2_LIMIT = 0.5;

/** Time from `POST /v1/apply?wait=running` to its answer, beside a raw spawn with one synced write, and beside PM2. */
export async function measureApply(scratch: Scratch, bin: string): Promise<readonly Row[]> {
  const agent = await BenchAgent.start(scratch, bin);
  const pm2 = await startPm2(scratch);
  const times = { raw: [] as number[], damson: [] as number[], pm2: [] as number[] };
  for (let index = 0; index < WARM_UP + ROUNDS; index += 1) {
    const raw = await rawSpawn(scratch.path(`raw-${index}`));
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
      peer: `PM2 start to its callback: ${showSpread(started, "ms")}`,
      ratio: `${round(overPm2)} ×`,
      limit: `≤ ${PM2_LIMIT} ×`,
      met: overPm2 <= PM2_LIMIT,
    },
  ];
}

async function apply(agent: BenchAgent, app: string): Promise<number> {
  const took = await timed(() =>
    callText(`${agent.url}/v1/apply?wait=running`, { method: "POST", body: sleeper(app) }),
  );
  await callText(`${agent.url}/v1/apps/${app}?wait=true`, { method: "DELETE" });
  return took;
}

/** What the work comes to without anything that keeps the app, or remembers it. */
async function rawSpawn(file: string): Promise<number> {
  const text = JSON.stringify(sleeper("raw"));
  const begin = performance.now();
  await writeFile(file, text, { flush: true });
  const child = spawn(SLEEP.command, SLEEP.args, { stdio: "ignore", detached: true });
  await once(child, "spawn");
  const took = performance.now() - begin;
  const exit = once(child, "exit");
  child.kill();
  await exit;
  return took;
}

/** PM2's connection is there already, as ours is: `start` alone is timed. */
async function pm2Start(pm2: Pm2, name: string): Promise<number> {
  const took = await timed(() =>
    pm2.start({ name, script: SLEEP.command, args: [...SLEEP.args], interpreter: "none" }),
  );
  await pm2.remove(name);
  return took;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
