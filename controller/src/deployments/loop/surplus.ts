import type { Instance } from "./instance.ts";

/**
 * The order in which instances go when there are too many: what does not do its work, then what is on nodes that are lost or
 * to be left, then from the nodes that have the most of them, then the newest.
 */
export function goingFirst(instances: readonly Instance[]): Instance[] {
  const ranked = instances.map((instance) => ({ instance, rank: rankOf(instance), level: 0 }));
  // Those of one node stand above each other, what should stay longest at the bottom: levels are taken off from the top.
  ranked.sort((a, b) => b.rank - a.rank || compareIds(a.instance, b.instance));
  const heights = new Map<string, number>();
  for (const each of ranked) {
    const { nodeId } = each.instance.assignment;
    each.level = heights.get(nodeId) ?? 0;
    heights.set(nodeId, each.level + 1);
  }
  ranked.sort((a, b) => a.rank - b.rank || b.level - a.level || compareIds(b.instance, a.instance));
  return ranked.map(({ instance }) => instance);
}

/** Lower goes first. */
function rankOf({ ready, away, node }: Instance): number {
  if (!ready) return 0;
  return away || node?.cordoned || node?.drain ? 1 : 2;
}

/** Ids of one deployment rise with time. */
function compareIds({ id: a }: Instance, { id: b }: Instance): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
