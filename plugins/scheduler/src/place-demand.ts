import type { Choice, PlacementResult, Rejection } from "@damson/plugin-sdk";
import type { Demand } from "./demand.ts";
import type { Filter } from "./filters/filter.ts";
import { filtersFor } from "./filters/filters.ts";
import type { NodeState } from "./node-state.ts";
import { Ranking } from "./scoring/ranking.ts";
import { zonesOf } from "./scoring/zone.ts";

/**
 * Places one demand, and lets the nodes take what was placed. Every node is filtered and scored once; then each instance
 * takes the best of a heap, in which only that one changes: O(nodes + instances × log nodes).
 */
export function placeDemand(states: readonly NodeState[], demand: Demand): PlacementResult {
  const filters = filtersFor(demand);
  const ranking = new Ranking(demand);
  const rejected: Rejection[] = [];
  const open: NodeState[] = [];
  for (const state of states) {
    const room = roomOf(state, demand, filters, rejected);
    if (room < 1) continue;
    state.enter(demand, room);
    state.score = ranking.scoreOf(state);
    open.push(state);
  }
  const zones = zonesOf(states, open, demand, ranking);
  const choices: Choice[] = [];
  while (choices.length < demand.request.count) {
    const zone = zones.best;
    const best = zone?.best;
    if (zone === undefined || best === undefined) break;
    const parts = ranking.partsOf(best);
    if (zone.counts) parts.spread_by = zone.part;
    choices.push({ nodeId: best.node.nodeId, score: best.score + zone.part, parts });
    best.take(demand);
    if (best.room === 0) roomOf(best, demand, filters, rejected);
    else best.score = ranking.scoreOf(best);
    zone.bestTook();
    if (zone.best === undefined) zones.dropBest();
    else zones.bestChanged();
  }
  return { choices, evaluated: states.length, rejected };
}

/** How many more instances the node can take; when none, adds to `rejected` why. */
function roomOf(state: NodeState, demand: Demand, filters: readonly Filter[], rejected: Rejection[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const filter of filters) {
    const room = filter.room(state, demand);
    if (room < 1) {
      rejected.push({ nodeId: state.node.nodeId, filter: filter.name, reason: filter.reason(state, demand) });
      return 0;
    }
    if (room < least) least = room;
  }
  return least;
}
