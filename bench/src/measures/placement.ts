import { loadavg } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { PlacementRequest, Scheduler, SchedulerNode } from "@damson/plugin-sdk";
import { manyNodes, ROOM, requestsOf } from "../harness/placement-world.ts";
import type { Row } from "../harness/row.ts";
import type { Scratch } from "../harness/scratch.ts";
import { round, showSpread, spreadOf } from "../harness/statistics.ts";
import { placeNaively } from "../peers/naive-placer.ts";

const NODES = 5_000;
const INSTANCES = 100_000;
const REQUESTS = 1_000;
const NAIVE_INSTANCES = 2_000;
const ROUNDS = 7;
const LIMIT_SECONDS = 5;
const LIMIT_PERCENT = 10;
/** Measured by their makers: docs/benchmarks.md says where they come from. */
const PUBLISHED =
  "published, other hardware: Nomad C1M 3,750 /s, C2M 1,499 /s; floors of kube-scheduler's own CI 680–810 /s";

/** How many instances each node took. */
type Counts = ReadonlyMap<string, number>;
type Placer = (nodes: readonly SchedulerNode[], requests: readonly PlacementRequest[]) => Counts;

/** The same work in each round. */
class Work {
  readonly what: string;
  readonly seconds: number[] = [];
  /** Of the last round. */
  counts: readonly number[] = [];
  readonly #place: Placer;
  readonly #requests: readonly PlacementRequest[];

  constructor(what: string, place: Placer, requests: readonly PlacementRequest[]) {
    this.what = what;
    this.#place = place;
    this.#requests = requests;
  }

  get instances(): number {
    return this.#requests.reduce((sum, { count }) => sum + count, 0);
  }

  get rate(): number {
    return this.instances / spreadOf(this.seconds).median;
  }

  run(nodes: readonly SchedulerNode[]): void {
    const begin = performance.now();
    const counts = this.#place(nodes, this.#requests);
    this.seconds.push((performance.now() - begin) / 1_000);
    this.counts = nodes.map(({ nodeId }) => counts.get(nodeId) ?? 0);
    const placed = this.counts.reduce((sum, count) => sum + count, 0);
    if (placed !== this.instances) throw new Error(`${placed} of ${this.instances} instances were placed`);
  }
}

/** How fast, and how evenly, the scheduler places: the plugin alone, without store, network and agents. */
export async function measurePlacement(_: Scratch, bin: string): Promise<readonly Row[]> {
  const place = placerOf(await installedScheduler(bin));
  const [one, each] = [1, INSTANCES / REQUESTS];
  const spread = [
    new Work("spread, one request", place, requestsOf(one, INSTANCES, "spread")),
    new Work("spread, 1,000 requests", place, requestsOf(REQUESTS, each, "spread")),
  ];
  const binpack = [
    new Work("binpack, one request", place, requestsOf(one, INSTANCES, "binpack")),
    new Work("binpack, 1,000 requests", place, requestsOf(REQUESTS, each, "binpack")),
  ];
  const few = new Work("spread, one request", place, requestsOf(one, NAIVE_INSTANCES, "spread"));
  const naive = new Work("", placeNaively, requestsOf(one, NAIVE_INSTANCES, "spread"));
  const nodes = manyNodes(NODES);
  const loads: number[] = [];
  for (let index = 0; index < ROUNDS; index += 1) {
    for (const work of [...spread, ...binpack, few, naive]) work.run(nodes);
    loads.push(loadavg()[0] ?? 0);
  }
  const load = `load ${round(Math.min(...loads))}–${round(Math.max(...loads))}`;
  return [
    ...spread.map((work) => {
      const deviation = deviationPercent(work.counts);
      const how = `at most ${round(deviation)} % off the even spread`;
      return budgetRow(work, how, load, `≤ ${LIMIT_SECONDS} s, ≤ ${LIMIT_PERCENT} %`, deviation <= LIMIT_PERCENT);
    }),
    ...binpack.map((work) => {
      const used = work.counts.filter((count) => count > 0).length;
      return budgetRow(work, `on ${used} nodes; ${INSTANCES / ROOM} are needed`, load, `≤ ${LIMIT_SECONDS} s`, true);
    }),
    {
      what: "the placements above, a second",
      measured: [...spread, ...binpack].map((work) => `${work.what}: ${round(work.rate)} /s`).join("; "),
      peer: PUBLISHED,
      ratio: "",
      limit: "",
      met: undefined,
    },
    {
      what: `placement of 2,000 instances on 5,000 nodes: ${few.what}`,
      measured: `${showSpread(spreadOf(few.seconds), "s")}, ${round(few.rate)} /s`,
      peer: `every node looked at for each instance: ${showSpread(spreadOf(naive.seconds), "s")}, ${round(naive.rate)} /s`,
      ratio: `${round(naive.rate / few.rate)} × the time`,
      limit: "",
      met: undefined,
    },
  ];
}

async function installedScheduler(bin: string): Promise<Scheduler> {
  const entry = join(bin, "../../..", "@damson/scheduler/dist/index.js");
  const { createScheduler }: { createScheduler: () => Scheduler } = await import(pathToFileURL(entry).href);
  return createScheduler();
}

function placerOf(scheduler: Scheduler): Placer {
  return (nodes, requests) => {
    const counts = new Map<string, number>();
    for (const { choices } of scheduler.place({ nodes, deploymentsOn: {} }, requests)) {
      for (const { nodeId } of choices) counts.set(nodeId, (counts.get(nodeId) ?? 0) + 1);
    }
    return counts;
  };
}

function deviationPercent(counts: readonly number[]): number {
  const even = INSTANCES / NODES;
  return Math.max(...counts.map((count) => Math.abs(count - even) / even)) * 100;
}

function budgetRow(work: Work, how: string, load: string, limit: string, good: boolean): Row {
  const seconds = spreadOf(work.seconds);
  return {
    what: `placement of 100,000 instances on 5,000 nodes: ${work.what}`,
    measured: `${showSpread(seconds, "s")}, ${how} (${load})`,
    peer: "",
    ratio: "",
    limit,
    met: good && seconds.median <= LIMIT_SECONDS,
  };
}
