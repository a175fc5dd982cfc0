import { stat, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { BenchAgent } from "../harness/agent.ts";
import { callText } from "../harness/http.ts";
import { startPm2 } from "../harness/pm2.ts";
import { cpuSeconds, rssMb } from "../harness/processes.ts";
import type { Row } from "../harness/row.ts";
import type { Scratch } from "../harness/scratch.ts";
import { round, showSpread, spreadOf } from "../harness/statistics.ts";

const ROUNDS = 3;
const LOOK_EVERY_MS = 20;
const DEADLINE_MS = 120_000;
/** 9,532,510 lines of 11 bytes. */
const [FIRST, LAST] = [1_000_000_000, 1_009_532_509];
const BYTES = (LAST - FIRST + 1) * 11;

interface Cost {
  readonly seconds: number;
  readonly cpu: number;
  readonly rss: number;
}

/** What it costs the agent, or PM2's daemon, that an app prints 100 MB as fast as it can. */
export async function measureLogs(scratch: Scratch, bin: string): Promise<readonly Row[]> {
  const agent = await BenchAgent.start(scratch, bin);
  const pm2 = await startPm2(scratch);
  const costs = { damson: [] as Cost[], pm2: [] as Cost[] };
  for (let index = 0; index < ROUNDS; index += 1) {
    const app = `printer-${index}`;
    const program = scratch.path(app);
    const done = `${program}.done`;
    await writeFile(program, `#!/bin/sh\nseq ${FIRST} ${LAST}\n: >"${done}-$1"\nexec sleep 100000\n`, { mode: 0o755 });
    costs.damson.push(
      await watched(agent.pid, async () => {
        const pkg = { type: "binary", command: [program, "damson"] };
        await callText(`${agent.url}/v1/apply`, { method: "POST", body: { app, version: "1", pkg } });
        await until(async () => (await sizeOf(`${done}-damson`)) !== undefined);
      }),
    );
    const tail = await callText(`${agent.url}/v1/apps/${app}/logs?tail=1`);
    if (!tail.includes(String(LAST))) throw new Error(`the last line was lost: ${tail}`);
    await callText(`${agent.url}/v1/apps/${app}?wait=true`, { method: "DELETE" });
    costs.pm2.push(
      await watched(pm2.pid, async () => {
        const out = `${program}.out`;
        await pm2.start({ name: app, script: program, args: ["pm2"], interpreter: "none", output: out });
        await until(async () => (await sizeOf(out)) === BYTES);
      }),
    );
    await pm2.remove(app);
  }
  return [
    rowOf("until an app has printed 100 MB, and all of it is in its log", costs, ({ seconds }) => seconds, "s"),
    rowOf("processor time of the agent for that", costs, ({ cpu }) => cpu, "s"),
    rowOf("RSS of the agent meanwhile, at most", costs, ({ rss }) => rss, "MB"),
  ];
}

function rowOf(
  what: string,
  costs: { readonly damson: readonly Cost[]; readonly pm2: readonly Cost[] },
  value: (cost: Cost) => number,
  unit: string,
): Row {
  const [damson, pm2] = [spreadOf(costs.damson.map(value)), spreadOf(costs.pm2.map(value))];
  return {
    what,
    measured: showSpread(damson, unit),
    peer: `PM2: ${showSpread(pm2, unit)}`,
    ratio: `${round(damson.median / pm2.median)} ×`,
    limit: "",
    met: undefined,
  };
}

async function watched(pid: number, work: () => Promise<void>): Promise<Cost> {
  const begin = performance.now();
  const before = cpuSeconds(pid);
  let rss = rssMb(pid);
  const look = setInterval(() => {
    rss = Math.max(rss, rssMb(pid));
  }, LOOK_EVERY_MS);
  try {
    await work();
  } finally {
    clearInterval(look);
  }
  return { seconds: (performance.now() - begin) / 1_000, cpu: cpuSeconds(pid) - before, rss };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error("the output does not arrive");
    await delay(LOOK_EVERY_MS);
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  return (await stat(file).catch(() => undefined))?.size;
}
