import { readFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem } from "node:os";
import { type Row, tableOf } from "./row.ts";
import { round } from "./statistics.ts";

/** The text of docs/benchmarks.md. */
export function report(rows: readonly Row[], now: Date): string {
  const { version: pm2 } = JSON.parse(
    readFileSync(new URL("../../node_modules/pm2/package.json", import.meta.url), "utf8"),
  );
  const [budgets, others] = [rows.filter((row) => row.met !== undefined), rows.filter((row) => row.met === undefined)];
  return `# Benchmarks

<!-- Written by \`npm run bench\`. -->

Each figure was measured beside its peer in one run on one machine, in rounds that take turns, so that what else went on
there hits both: the ratios tell more than the figures. A figure is a median, with its quartiles in brackets.

- Date: ${now.toISOString().slice(0, 10)}
- Machine: ${availableParallelism()} cores (${cpus()[0]?.model.trim()}), ${round(totalmem() / 1024 ** 3)} GiB, Linux ${release().split("-")[0]}
- Node.js ${process.versions.node}, PM2 ${pm2}
- Damson as installed from its packages (built, not the sources), unless a row says otherwise

## Budgets

${tableOf(budgets)}

## For information

${tableOf(others)}

## How to run them

\`npm run bench\` measures everything in about ten minutes and writes this file. One alone:
\`npm --prefix bench ci\`, then \`npm --prefix bench run <name>\`, where the name is one of \`apply\`, \`thousand\`, \`idle\`,
\`adopt\`, \`status\` and \`logs\`. No root is needed. What runs are the program \`sleep\` and a PM2 daemon with a home of its own;
all of it, and the temporary directories, are gone at the end.

What the rows compare:

- *raw spawn + one fsync'd write*: a bare Node process writes a small file with fsync, and spawns the same program, until
  its \`spawn\` event. Nobody would find that program again.
- *PM2*: its programmatic API, on a daemon that runs already: connect, \`start\` of the same program, until its callback. For
  both PM2 and Damson the connection is a new one each time.
- *bare Fastify route*: the Fastify that the agent runs on, with one route that sends the very bytes of the agent's answer.
- *1,000 apps*: a client in another process calls \`POST /v1/apply?wait=running\`, 32 calls at once, until the status says that
  all run. The memory of the helper that starts processes is a row of its own.
`;
}
