import { setTimeout as delay } from "node:timers/promises";
import { BenchAgent } from "../harness/agent.ts";
import { runningUnits } from "../harness/apps.ts";
import { benchOwner, dockerAgent, RawEngine, sleepingPackage } from "../harness/engine.ts";
import { callStream, callText } from "../harness/http.ts";
import { cpuSeconds, rssMb } from "../harness/processes.ts";
import type { Row } from "../harness/row.ts";
import type { Scratch } from "../harness/scratch.ts";
import { round, showSpread, spreadOf } from "../harness/statistics.ts";

const ROUNDS = 3;
const LINE_BYTES = 100;
const MB = 100;
const LINES = (MB * 1_000_000) / LINE_BYTES;
const LAST = "all is printed";
const LOOK_EVERY_MS = 200;
const DEADLINE_MS = 120_000;
const NEWLINE = 0x0a;

/** What it takes to read 100 MB of a container's log through the agent, beside the engine's own answer. */
export async function measureDockerLogs(scratch: Scratch, bin: string): Promise<readonly Row[]> {
  const owner = benchOwner();
  const engine = new RawEngine();
  engine.removeAtEnd(scratch, owner);
  const agent = await BenchAgent.start(scratch, bin, dockerAgent(owner));
  await callText(`${agent.url}/v1/apply?wait=running`, { method: "POST", body: printer() });
  await printed(agent);
  const [id = ""] = runningUnits(await agent.status());
  const rates = { damson: [] as number[], raw: [] as number[] };
  const [costs, rss]: [number[], number[]] = [[], []];
  for (let index = 0; index < ROUNDS; index += 1) {
    rates.raw.push(await rateOf(() => engine.logs(id)));
    const before = cpuSeconds(agent.pid);
    rates.damson.push(await rateOf(() => callStream(`${agent.url}/v1/apps/printer/logs`)));
    costs.push(cpuSeconds(agent.pid) - before);
    rss.push(rssMb(agent.pid));
  }
  const [damson, raw] = [spreadOf(rates.damson), spreadOf(rates.raw)];
  const row = { peer: "", ratio: "", limit: "", met: undefined };
  return [
    {
      ...row,
      what: `${MB} MB of a container's log (lines of ${LINE_BYTES} bytes) by \`GET /v1/apps/{app}/logs\``,
      measured: showSpread(damson, "MB/s"),
      peer: `raw Engine API: ${showSpread(raw, "MB/s")}`,
      ratio: `${round(damson.median / raw.median)} ×`,
    },
    { ...row, what: "processor time of the agent for that", measured: showSpread(spreadOf(costs), "s") },
    { ...row, what: "RSS of the agent after it", measured: showSpread(spreadOf(rss), "MB") },
  ];
}

function printer(): object {
  const line = "x".repeat(LINE_BYTES - 1);
  const script = `yes ${line} | head -n ${LINES}; echo ${LAST}; exec sleep 100000`;
  const pkg = { ...sleepingPackage("none"), command: ["/bin/sh", "-c", script], args: [] };
  return { app: "printer", version: "1", pkg: { ...pkg, logs: { max_size: "300m", max_files: 2 } } };
}

async function printed(agent: BenchAgent): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!(await callText(`${agent.url}/v1/apps/printer/logs?tail=1`)).includes(LAST)) {
    if (Date.now() > deadline) throw new Error("the output does not arrive");
    await delay(LOOK_EVERY_MS);
  }
}

/** MB of what the app wrote per second, until the end of the answer, which must have every line. */
async function rateOf(ask: () => Promise<AsyncIterable<Buffer>>): Promise<number> {
  const begin = performance.now();
  let lines = 0;
  for await (const chunk of await ask()) {
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) lines += 1;
  }
  const seconds = (performance.now() - begin) / 1_000;
  if (lines !== LINES + 1) throw new Error(`${lines} lines came of ${LINES + 1}`);
  return MB / seconds;
}
