import { install } from "./harness/installation.ts";
import { type Row, tableOf } from "./harness/row.ts";
import { Scratch } from "./harness/scratch.ts";
import { measureAdopt } from "./measures/adopt.ts";
import { measureApply } from "./measures/apply.ts";
import { measureIdle } from "./measures/idle.ts";
import { measureStatus } from "./measures/status.ts";
import { measureThousand } from "./measures/thousand.ts";

const MEASURES = {
  apply: measureApply,
  thousand: measureThousand,
  idle: measureIdle,
  adopt: measureAdopt,
  status: measureStatus,
};

const [name = "all"] = process.argv.slice(2);
const chosen = Object.entries(MEASURES).filter(([known]) => name === "all" || name === known);
const rows: Row[] = [];
await Scratch.use(async (scratch) => {
  const bin = await install(scratch.path("installation"));
  for (const [one, measure] of chosen) {
    console.log(`${one} …`);
    const measured = await Scratch.use((own) => measure(own, bin));
    rows.push(...measured);
    console.log(`${tableOf(measured)}\n`);
  }
});
