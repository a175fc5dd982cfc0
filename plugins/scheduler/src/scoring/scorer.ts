import type { Demand } from "../demand.ts";
import type { NodeState } from "../node-state.ts";

/** One thing that makes a node better or worse than others. */
export interface Scorer {
  /** As in `Choice.parts`. */
  readonly name: string;
  /** Higher is better. */
  score(state: NodeState, demand: Demand): number;
}
