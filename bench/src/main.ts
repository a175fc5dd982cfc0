import { writeFile } from "node:fs/promises";
import { install } from "./harness/installation.ts";
import { report } from "./harness/report.ts";
import { type Row, tableOf } from "./harness/row.ts";
import { Scratch } from "./harness/scratch.ts";
import { measureAdopt } from "./measures/adopt.ts";
import { measureApply } from "./measures/apply.ts";
import { measureIdle } from "./measures/idle.ts";
import { measureLogs } from "./measures/logs.ts";
import { measureStatus } from "./measures/status.ts";
import { measureThousand } from "./measures/thousand.ts";

const MEASURES = {
  apply: measureApply,
  thousand: measureThousand,
  idle: measureIdle,
  adopt: measureAdopt,
  status: measureStatus,
  logs: measureLogs,
};

const [name = "all"] = process.argv.slice(2);
const chosen = Object.entries(MEASURES).filter(([known]) => name === "all" || name === known);
if (chosen.length === 0) throw new Error(`"${name}" is none of all, ${Object.keys(MEASURES).join(", ")}`);
const rows: Row[] = [];
await Scratch.use(async (scratch) => {
  const bin = await install(scratch.path("installation"));
  for (const [one, measure] of chosen) {
    console.log(`${one} …`);
    const measured = await scratch.within((own) => measure(own, bin));
    rows.push(...measured);
    console.log(`${tableOf(measured)}\n`);
  }
});
if (name === "all") await writeFile(new URL("../../docs/benchmarks.md", import.meta.url), report(rows, new Date()));
// PM2's client would try to reach its daemon for ever.
process.exit();
