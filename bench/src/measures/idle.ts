import { setTimeout as delay } from "node:timers/promises";
import { BenchAgent } from "../harness/agent.ts";
import { applyMany } from "../harness/apps.ts";
import { cpuSeconds } from "../harness/processes.ts";
import type { Row } from "../harness/row.ts";
import type { Scratch } from "../harness/scratch.ts";
import { round } from "../harness/statistics.ts";

const APPS = 1_000;
const SETTLE_MS = 10_000;
const LOOK_MS = 40_000;
const LIMIT_PERCENT = 1;

/** Processor time of an agent whose thousand apps run and do nothing. */
export async function measureIdle(scratch: Scratch, bin: string): Promise<readonly Row[]> {
  const agent = await BenchAgent.start(scratch, bin);
  await applyMany(agent, APPS);
  await delay(SETTLE_MS);
  const begin = performance.now();
  const before = cpuSeconds(agent.pid);
  await delay(LOOK_MS);
  const percent = ((cpuSeconds(agent.pid) - before) / ((performance.now() - begin) / 1_000)) * 100;
  return [
    {
      what: "agent idle with 1,000 running apps",
      measured: `${round(percent)} % of a core`,
      peer: "",
      ratio: "",
      limit: `≤ ${LIMIT_PERCENT} %`,
      met: percent <= LIMIT_PERCENT,
    },
  ];
}
