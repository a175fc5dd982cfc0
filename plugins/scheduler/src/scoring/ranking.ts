import type { Demand } from "../demand.ts";
import type { Candidate } from "./candidate.ts";
import { type Strategy, strategyOf } from "./strategy.ts";

/** Scores and compares the candidates of one demand. */
export class Ranking {
  readonly #strategy: Strategy;

  constructor({ request }: Demand) {
    this.#strategy = strategyOf(request.placement);
  }

  /** Sets the score anew: the node has changed. */
  score(candidate: Candidate): void {
    let score = 0;
    for (const scorer of this.#strategy.scorers) score += scorer.score(candidate);
    candidate.score = score;
  }

  /** What the score is made of. */
  parts(candidate: Candidate): Record<string, number> {
    return Object.fromEntries(this.#strategy.scorers.map((scorer) => [scorer.name, scorer.score(candidate)]));
  }

  /** Whether `a` is better than `b`. A total order, so that the order of the snapshot's nodes does not matter. */
  readonly before = (a: Candidate, b: Candidate): boolean => (a.score === b.score ? this.tie(a, b) : a.score > b.score);

  /** The same for candidates of equal scores. */
  tie(a: Candidate, b: Candidate): boolean {
    const preferred = this.#strategy.tie(a, b) || a.lot - b.lot;
    return preferred === 0 ? a.state.node.nodeId < b.state.node.nodeId : preferred < 0;
  }
}
