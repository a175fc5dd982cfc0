import type { Placement } from "@damson/plugin-sdk";
import type { NodeState } from "../node-state.ts";
import { affinity } from "./affinity.ts";
import { evenness } from "./evenness.ts";
import { fullness } from "./fullness.ts";
import { lightness } from "./lightness.ts";
import type { Scorer } from "./scorer.ts";

/** How nodes are compared. */
export interface Strategy {
  readonly scorers: readonly Scorer[];
  /** Between nodes of the same score: below 0 when `a` comes first, above 0 when `b` does. */
  tie(a: NodeState, b: NodeState): number;
}

const SPREAD: Strategy = {
  scorers: [evenness, lightness],
  tie: (a, b) => a.instances - b.instances,
};

/** Among equally full nodes, one that is in use already, then one that will do for more instances. */
const BINPACK: Strategy = {
  scorers: [fullness],
  tie: (a, b) => b.instances - a.instances || descending(a.room, b.room),
};

export function strategyOf(placement: Placement): Strategy {
  const { scorers, tie } = placement.strategy === "binpack" ? BINPACK : SPREAD;
  return { scorers: placement.affinity?.length ? [...scorers, affinity] : scorers, tie };
}

/** Not a difference: both may be infinite. */
function descending(a: number, b: number): number {
  return a === b ? 0 : a > b ? -1 : 1;
}
