import type { Demand } from "../demand.ts";
import type { NodeState } from "../node-state.ts";
import { type Strategy, strategyOf } from "./strategy.ts";

/** Scores and compares nodes for one demand. */
export class Ranking {
  readonly #demand: Demand;
  readonly #strategy: Strategy;

  constructor(demand: Demand) {
    this.#demand = demand;
    this.#strategy = strategyOf(demand.request.placement);
  }

  scoreOf(state: NodeState): number {
    let score = 0;
    for (const scorer of this.#strategy.scorers) score += scorer.score(state, this.#demand);
    return score;
  }

  /** What the score is made of. */
  partsOf(state: NodeState): Record<string, number> {
    const parts: Record<string, number> = {};
    for (const scorer of this.#strategy.scorers) parts[scorer.name] = scorer.score(state, this.#demand);
    return parts;
  }

  /** Whether `a` is better than `b`. A total order, so that the order of the snapshot's nodes does not matter. */
  readonly before = (a: NodeState, b: NodeState): boolean => (a.score === b.score ? this.tie(a, b) : a.score > b.score);

  /** The same for nodes of equal scores. */
  tie(a: NodeState, b: NodeState): boolean {
    const preferred = this.#strategy.tie(a, b) || a.lot - b.lot;
    return preferred === 0 ? a.node.nodeId < b.node.nodeId : preferred < 0;
  }
}
