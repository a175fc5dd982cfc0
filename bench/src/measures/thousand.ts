import { BenchAgent } from "../harness/agent.ts";
import { applyMany, runningPids } from "../harness/apps.ts";
import { parentOf, pssMb, rssMb } from "../harness/processes.ts";
import type { Row } from "../harness/row.ts";
import type { Scratch } from "../harness/scratch.ts";
import { round, showSpread, spreadOf } from "../harness/statistics.ts";

const APPS = 1_000;
const SECONDS_LIMIT = 5;
const RSS_LIMIT_MB = 180;
const SHIM_LIMIT_MB = 1;

/** A thousand apps from nothing to running, and what they and the agent take. */
export async function measureThousand(scratch: Scratch, bin: string): Promise<readonly Row[]> {
  const agent = await BenchAgent.start(scratch, bin);
  const begin = performance.now();
  await applyMany(agent, APPS);
  const seconds = (performance.now() - begin) / 1_000;
  const rss = rssMb(agent.pid);
  const apps = runningPids(await agent.status());
  const shims = spreadOf(apps.map((pid) => pssMb(parentOf(pid))));
  const [first = 0] = apps;
  const helper = pssMb(parentOf(parentOf(first)));
  const row = { peer: "", ratio: "" };
  return [
    {
      ...row,
      what: "1,000 process apps from nothing to running",
      measured: `${round(seconds)} s`,
      limit: `≤ ${SECONDS_LIMIT} s`,
      met: seconds <= SECONDS_LIMIT,
    },
    {
      ...row,
      what: "RSS of the agent then",
      measured: `${round(rss)} MB`,
      limit: `≤ ${RSS_LIMIT_MB} MB`,
      met: rss <= RSS_LIMIT_MB,
    },
    {
      ...row,
      what: "memory of a shim (PSS)",
      measured: showSpread(shims, "MB"),
      limit: `≤ ${SHIM_LIMIT_MB} MB`,
      met: shims.high <= SHIM_LIMIT_MB,
    },
    {
      ...row,
      what: "memory of the helper that starts processes (PSS)",
      measured: `${round(helper)} MB`,
      limit: "",
      met: undefined,
    },
  ];
}
