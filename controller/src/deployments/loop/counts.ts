import type { Entry, Replicas } from "../../model/deployment.ts";
import { type Draft, PLAN_LIMIT } from "./draft.ts";
import type { Instance } from "./instance.ts";
import { creationVersion, isRolloutHeld } from "./rollout-mode.ts";
import { goingFirst } from "./surplus.ts";

/** Lets instances go that are more than there should be. Replacements on the way go with what they replace. */
export function scaleDown(draft: Draft): void {
  const byEntry = Map.groupBy(countedInstances(draft), ({ assignment }) => assignment.entry);
  for (const entry of draft.target.entries) {
    const instances = byEntry.get(entry.name) ?? [];
    const wanted = wantedOf(draft, entry);
    if (typeof wanted === "number") {
      removeFirst(draft, instances, instances.length - wanted);
      continue;
    }
    for (const [home, those] of Map.groupBy(instances, homeOf)) {
      removeFirst(draft, those, those.length - (ownCount(wanted, home) ?? 0));
    }
  }
}

/** Makes the instances that are missing. @returns how many are missing, those that it may not make now among them */
export function fillUp(draft: Draft): number {
  const homes = new Map<string, Map<string, number>>();
  const add = (entry: string, home: string): void => {
    const counts = homes.get(entry) ?? new Map<string, number>();
    counts.set(home, (counts.get(home) ?? 0) + 1);
    homes.set(entry, counts);
  };
  for (const instance of countedInstances(draft)) add(instance.assignment.entry, homeOf(instance));
  for (const { entry, home, nodeId = "", replaces } of draft.creations) {
    if (replaces === undefined) add(entry, home ?? nodeId);
  }
  let missing = 0;
  for (const entry of draft.target.entries) missing += fillEntry(draft, entry, homes.get(entry.name) ?? new Map());
  return missing;
}

/** All that count: a replacement counts only once what it replaces is gone. */
export function countedInstances(draft: Draft): Instance[] {
  return draft.instances().filter((instance) => draft.replacedBy(instance) === undefined);
}

/** How many of an entry there should be. */
export function wantedOf({ view: { deployment } }: Draft, entry: Entry): Replicas {
  return Object.hasOwn(deployment.replicas, entry.name)
    ? (deployment.replicas[entry.name] ?? entry.replicas)
    : entry.replicas;
}

function fillEntry(draft: Draft, entry: Entry, has: ReadonlyMap<string, number>): number {
  const wanted = wantedOf(draft, entry);
  if (typeof wanted === "number") {
    const missing = Math.max(wanted - [...has.values()].reduce((sum, count) => sum + count, 0), 0);
    for (let made = 0; made < missing && mayCreate(draft, entry); made += 1) create(draft, entry);
    return missing;
  }
  let all = 0;
  for (const [nodeId, count] of Object.entries(wanted)) {
    const missing = Math.max(count - (has.get(nodeId) ?? 0), 0);
    all += missing;
    const node = draft.view.node(nodeId);
    if (missing > 0 && (node?.cordoned || node?.drain)) {
      const reason = node.drain ? "it is being drained" : "it is cordoned";
      draft.refuse({ entry: entry.name, nodeId, filter: "cordon", reason, count: missing });
      continue;
    }
    for (let made = 0; made < missing && mayCreate(draft, entry); made += 1) create(draft, entry, nodeId);
  }
  return all;
}

function create(draft: Draft, entry: Entry, nodeId?: string): void {
  const specVersion = creationVersion(draft, entry.name) ?? draft.view.deployment.version;
  if (specVersion === draft.view.deployment.version) draft.allowance -= 1;
  draft.create({
    entry: entry.name,
    specVersion,
    desired: "Running",
    ...(nodeId === undefined
      ? { cause: "placed", text: "placed by the scheduler" }
      : { cause: "named", text: `${nodeId} was named`, nodeId }),
  });
}

function mayCreate(draft: Draft, entry: Entry): boolean {
  if (draft.creations.length >= PLAN_LIMIT) return false;
  const version = creationVersion(draft, entry.name);
  if (version === undefined) return false;
  return version !== draft.view.deployment.version || !isRolloutHeld(draft) || draft.allowance > 0;
}

function removeFirst(draft: Draft, instances: readonly Instance[], surplus: number): void {
  if (surplus <= 0) return;
  for (const instance of goingFirst(instances).slice(0, surplus)) {
    const replacement = draft.replacementOf(instance.id);
    if (replacement) draft.remove(replacement, "scaled_down");
    draft.remove(instance, "scaled_down");
  }
}

function homeOf({ assignment: { home, nodeId } }: Instance): string {
  return home ?? nodeId;
}

function ownCount(counts: Readonly<Record<string, number>>, nodeId: string): number | undefined {
  return Object.hasOwn(counts, nodeId) ? counts[nodeId] : undefined;
}
