import { writeFile } from "node:fs/promises";
import { ENGINE_SOCKET, RawEngine } from "./harness/engine.ts";
import { install } from "./harness/installation.ts";
import { containersReport, report } from "./harness/report.ts";
import { type Row, tableOf } from "./harness/row.ts";
import { Scratch } from "./harness/scratch.ts";
import { measureAdopt } from "./measures/adopt.ts";
import { measureApply } from "./measures/apply.ts";
import { measureDocker } from "./measures/docker.ts";
import { measureDockerFleet } from "./measures/docker-fleet.ts";
import { measureDockerLogs } from "./measures/docker-logs.ts";
import { measureFleet } from "./measures/fleet.ts";
import { measureIdle } from "./measures/idle.ts";
import { measureLogs } from "./measures/logs.ts";
import { measurePlacement } from "./measures/placement.ts";
import { measureStatus } from "./measures/status.ts";
import { measureStore } from "./measures/store.ts";
import { measureThousand } from "./measures/thousand.ts";

const MEASURES = {
  apply: measureApply,
  thousand: measureThousand,
  idle: measureIdle,
  adopt: measureAdopt,
  status: measureStatus,
  logs: measureLogs,
  fleet: measureFleet,
  placement: measurePlacement,
  store: measureStore,
};
/** Those that need a Docker Engine. */
const DOCKER_MEASURES = {
  docker: measureDocker,
  "docker-fleet": measureDockerFleet,
  "docker-logs": measureDockerLogs,
};

const [name = "all"] = process.argv.slice(2);
const known = { ...MEASURES, ...DOCKER_MEASURES };
const chosen = Object.entries(known).filter(([one]) => name === "all" || name === one);
if (chosen.length === 0) throw new Error(`"${name}" is none of all, ${Object.keys(known).join(", ")}`);
const rows = { process: [] as Row[], docker: [] as Row[] };
await Scratch.use(async (scratch) => {
  const bin = await install(scratch.path("installation"));
  for (const [one, measure] of chosen) {
    const isDocker = one in DOCKER_MEASURES;
    if (isDocker && name === "all" && ENGINE_SOCKET === undefined) {
      console.log(`${one}: left out, DOCKER_HOST is not set to a socket\n`);
      continue;
    }
    console.log(`${one} …`);
    const measured = await scratch.within((own) => measure(own, bin));
    rows[isDocker ? "docker" : "process"].push(...measured);
    console.log(`${tableOf(measured)}\n`);
  }
});
if (name === "all") {
  const page = new URL("../../docs/benchmarks.md", import.meta.url);
  const leftOut = Object.keys(DOCKER_MEASURES).join(", ");
  const containers =
    ENGINE_SOCKET === undefined
      ? `Left out, as DOCKER_HOST was not set: ${leftOut}.`
      : containersReport(rows.docker, await new RawEngine().version(), new Date());
  await writeFile(page, report(rows.process, containers, new Date()));
}
// PM2's client would try to reach its daemon for ever.
process.exit();
