import type { Demand } from "../demand.ts";
import type { NodeState } from "../node-state.ts";

/** One reason why a node may not take an instance. */
export interface Filter {
  /** As in `Rejection.filter`. */
  readonly name: string;
  /** Whether it can say no to any node; asked once a request. Default yes. */
  concerns?(demand: Demand): boolean;
  /**
   * How many more instances of the demand the node may take, as far as this filter goes: `Infinity` when it sees nothing
   * against it. Each instance that it takes makes this exactly one less, so it is asked once a request.
   */
  room(state: NodeState, demand: Demand): number;
  /** In words, why there is no room. */
  reason(state: NodeState, demand: Demand): string;
}

/** The room of a filter that says yes or no. */
export function roomIf(allowed: boolean): number {
  return allowed ? Number.POSITIVE_INFINITY : 0;
}
