import { readFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem } from "node:os";
import { type Row, tableOf } from "./row.ts";
import { round } from "./statistics.ts";

/** What the page says of containers. */
export function containersReport(rows: readonly Row[], engine: string, now: Date): string {
  return `Measured ${now.toISOString().slice(0, 10)} on the same kind of machine, with Docker Engine ${engine}. Rows without a limit are for information.

${tableOf(rows)}`;
}

/**
 * The text of docs/benchmarks.md.
 *
 * @param containers what {@link containersReport} gave, or why there is nothing to say
 */
export function report(rows: readonly Row[], containers: string, now: Date): string {
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

## Containers

${containers}

## How to run them

\`npm run bench\` measures everything in about twenty minutes and writes this file. One alone:
\`npm --prefix bench ci\`, then \`npm --prefix bench run <name>\`, where the name is one of \`apply\`, \`thousand\`, \`idle\`,
\`adopt\`, \`status\`, \`logs\`, \`fleet\`, \`placement\`, \`store\`, \`docker\`, \`docker-fleet\` and \`docker-logs\`. No root is needed. What runs are the program
\`sleep\`, a PM2 daemon with a home of its own, and containers; all of it, and the temporary directories, are gone at the end.

The last three need a Docker Engine on the same machine, \`DOCKER_HOST=unix:///…\`, and an image there that has \`sh\`, \`sleep\`,
\`yes\` and \`head\`: \`DAMSON_TEST_IMAGE\`. Without the former they are left out, and named. \`docker-fleet\` reads the memory of
the engine's own processes, for which it needs the rights.

What the rows compare:

- *raw spawn + one fsync'd write*: a bare Node process writes a small file with fsync, and spawns the same program, until
  its \`spawn\` event. Nobody would find that program again.
- *PM2*: its programmatic API, on a daemon that runs already: connect, \`start\` of the same program, until its callback. For
  both PM2 and Damson the connection is a new one each time.
- *bare Fastify route*: the Fastify that the agent runs on, with one route that sends the very bytes of the agent's answer.
- *1,000 apps*: a client in another process calls \`POST /v1/apply?wait=running\`, 32 calls at once, until the status says that
  all run. The memory of the helper that starts processes is a row of its own.
- *placement*: the scheduler alone, in the benchmark's process, with all nodes empty and alike, each with room for 32
  instances; as one deployment with all instances, and as 1,000 deployments with 100 each. Its peer looks at every node anew
  for each instance and keeps no reasons. The published figures are of other hardware and of more than a scheduler: Nomad's
  (C1M, 2016: a million containers on 5,000 hosts in 266.7 s; C2M, 2020: two million on 6,100 hosts in 22 min 14 s) go through
  consensus, and what Kubernetes' own benchmark of its scheduler must reach with 5,000 nodes goes through an API server.
- *store*: the store that is built into the controller, in the benchmark's process, on the file system of the temporary
  directory. Each writer waits for one write before the next, and all write the same bytes. A raw append keeps no objects,
  and only grows.
- *agents of a controller*: 5,000 agents in the benchmark's process, each with a stream and a heartbeat of its own every 5 s, over
  real HTTP; they run nothing, and say at once that all is healthy. The controller is a process of its own.
- *raw Engine API*: \`POST /containers/create\` and \`POST …/start\` by bare \`node:http\` over a kept connection, of a container
  with the image, command, environment, labels and \`HostConfig\` that the engine shows of one that Damson made. This, the
  apply, and the runtime's \`start\` outside of an agent take turns in changing order, one container at a time, and each is
  removed before the next one is made.
- *memory of the agent per container*: the growth of its RSS by a hundred running containers, each an app of its own.
- *a container's log*: all of it, from the request to the answer's last byte; the raw answer is the engine's frames with
  times, Damson's is NDJSON with cursors, nearly twice as many bytes.
`;
}
