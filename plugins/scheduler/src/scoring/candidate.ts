import type { Demand } from "../demand.ts";
import { mixed } from "../hash.ts";
import type { NodeState } from "../node-state.ts";

/** A node that can take at least one more instance of a demand. */
export class Candidate {
  readonly state: NodeState;
  readonly demand: Demand;
  /** How many more it can take. */
  room: number;
  /** Sum of what the scorers gave. */
  score = 0;
  /** Its place among equals: another one for each entry, lest the same node always came first. */
  readonly lot: number;

  constructor(state: NodeState, demand: Demand, room: number) {
    this.state = state;
    this.demand = demand;
    this.room = room;
    this.lot = mixed(state.hash, demand.hash);
  }
}
