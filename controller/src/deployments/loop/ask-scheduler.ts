import { errorText, type PlacementRequest, type PlacementResult, type Scheduler } from "@damson/plugin-sdk";
import { type Deployment, type Entry, entryOf } from "../../model/deployment.ts";
import type { Judged } from "./explanation.ts";
import { knownResourcesOf, type NodeAccounts } from "./node-accounts.ts";
import type { Planned } from "./placing.ts";
import type { Creation } from "./plan.ts";

/** Those that are loaded. */
export type Schedulers = readonly Scheduler[];

/** Instances of one entry that need nodes. */
export interface Asked {
  /** What has the same key can be placed in one call. */
  readonly key: string;
  readonly creations: readonly Creation[];
  /** Name of the scheduler; absent: the first. */
  readonly scheduler?: string | undefined;
  readonly only?: string | undefined;
  readonly request: PlacementRequest;
}

/** What a plan asks schedulers for. */
export function askedFor({ view, plan }: Planned): Asked[] {
  const open = plan.creations.filter(({ nodeId }) => nodeId === undefined);
  const groups = Map.groupBy(open, ({ entry, specVersion, only = "" }) => `${specVersion} ${only} ${entry}`);
  return [...groups.values()].flatMap((creations) => {
    const [first] = creations;
    const entry = first && entryOf(view.deployment, first.specVersion, first.entry);
    if (!entry) return [];
    const { scheduler } = entry.placement ?? {};
    const { only } = first;
    const request = requestFor(view.deployment, entry, creations.length, placedOf(view, plan, entry.name));
    return [{ key: JSON.stringify([scheduler, only]), creations, scheduler, only, request }];
  });
}

/** Asks one scheduler for nodes. One that fails, or is not loaded, chooses none, and that is said. */
export function askScheduler(group: readonly Asked[], accounts: NodeAccounts, schedulers: Schedulers): Judged[] {
  const [first] = group;
  if (!first) return [];
  const scheduler = schedulers.find(({ name }) => first.scheduler === undefined || name === first.scheduler);
  const snapshot = accounts.snapshot(first.only === undefined ? undefined : [first.only]);
  const refuse = (name: string, reason: string): Judged[] =>
    group.map(({ request }) => ({
      entry: request.entry,
      scheduler: name,
      result: { choices: [], evaluated: 0, rejected: [{ nodeId: "*", filter: "scheduler", reason }] },
    }));
  if (!scheduler) {
    const what = first.scheduler === undefined ? "no scheduler" : `no scheduler "${first.scheduler}"`;
    return refuse(first.scheduler ?? "", `${what} is loaded: see plugins.yaml`);
  }
  try {
    const results = scheduler.place(
      snapshot,
      group.map(({ request }) => request),
    );
    return group.map(({ request }, index) => ({
      entry: request.entry,
      scheduler: scheduler.name,
      result: checked(results[index], request.count, new Set(snapshot.nodes.map(({ nodeId }) => nodeId))),
    }));
  } catch (error) {
    return refuse(scheduler.name, `the scheduler failed: ${errorText(error)}`);
  }
}

/** Whatever a plugin answers: no more than was asked for, and only nodes that are there. */
function checked(result: PlacementResult | undefined, count: number, nodeIds: ReadonlySet<string>): PlacementResult {
  const { choices = [], evaluated = 0, rejected = [] } = result ?? {};
  return { choices: choices.slice(0, count).filter(({ nodeId }) => nodeIds.has(nodeId)), evaluated, rejected };
}

function requestFor(
  { name: deployment }: Deployment,
  entry: Entry,
  count: number,
  placed: Readonly<Record<string, number>>,
): PlacementRequest {
  const { ports, ...resources } = knownResourcesOf(entry);
  const { name, placement = {} } = entry;
  return { deployment, entry: name, count, packageType: packageTypeOf(entry), resources, ports, placement, placed };
}

/** Instances of the entry that stay where they are, by node. */
function placedOf({ rows }: Planned["view"], { removals, creations }: Planned["plan"], entry: string) {
  const going = new Set<unknown>([...removals.map(({ row }) => row), ...creations.map(({ insteadOf }) => insteadOf)]);
  // A node may be called `constructor`, which every object seems to have.
  const placed = new Map<string, number>();
  for (const row of rows) {
    const { nodeId, removing, entry: name } = row.assignment;
    if (removing || name !== entry || going.has(row)) continue;
    placed.set(nodeId, (placed.get(nodeId) ?? 0) + 1);
  }
  return Object.fromEntries(placed);
}

function packageTypeOf({ spec }: Entry): string {
  if (!spec) return "artifact";
  const { type } = Object(spec.pkg ?? spec.package);
  return typeof type === "string" ? type : "";
}
