import { deepStrictEqual } from "node:assert";
import { BenchAgent } from "../harness/agent.ts";
import { allRunning, applyMany, runningPids } from "../harness/apps.ts";
import { FROM_SOURCES } from "../harness/installation.ts";
import type { Row } from "../harness/row.ts";
import type { Scratch } from "../harness/scratch.ts";
import { showSpread, spreadOf } from "../harness/statistics.ts";

const APPS = 1_000;
const ROUNDS = 9;
const LIMIT_S = 1.5;

/** From the start of a new agent after a `kill -9` until the status shows every app running with its old pid. */
export async function measureAdopt(scratch: Scratch, bin: string): Promise<readonly Row[]> {
  const agent = await BenchAgent.start(scratch, bin);
  await applyMany(agent, APPS);
  const pids = runningPids(await agent.status());
  const adopt = async (from: string): Promise<number> => {
    await agent.kill();
    const begin = performance.now();
    agent.restart(from);
    const adopted = runningPids(await allRunning(agent, APPS));
    const seconds = (performance.now() - begin) / 1_000;
    deepStrictEqual(adopted, pids);
    return seconds;
  };
  const installed: number[] = [];
  const sources: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    installed.push(await adopt(bin));
    sources.push(await adopt(FROM_SOURCES));
  }
  const row = { what: "`kill -9`, restart with 1,000 apps: until all are adopted", peer: "", ratio: "" };
  const built = spreadOf(installed);
  return [
    { ...row, measured: showSpread(built, "s"), limit: `≤ ${LIMIT_S} s`, met: built.median <= LIMIT_S },
    {
      ...row,
      what: `${row.what}, run from the TypeScript sources`,
      measured: showSpread(spreadOf(sources), "s"),
      limit: "",
      met: undefined,
    },
  ];
}
