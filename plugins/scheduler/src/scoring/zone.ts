import type { Demand } from "../demand.ts";
import { Heap } from "../heap.ts";
import { labelOf } from "../label.ts";
import type { NodeState } from "../node-state.ts";
import { affinityRange } from "./affinity.ts";
import type { Ranking } from "./ranking.ts";

/** More than strategy and affinity together can put two nodes of a demand apart: zones come first. */
const BEYOND_STRATEGY = 2;

/** The nodes with room that have the same value of the label `spread_by`: all of them where it is not given. */
export class Zone {
  readonly #heap: Heap<NodeState>;
  readonly #step: number;
  #filled: number;

  /**
   * @param filled how many instances of the entry are there
   * @param step by how much each of them lowers the score
   */
  constructor(open: readonly NodeState[], ranking: Ranking, filled: number, step: number) {
    this.#heap = new Heap(open, ranking.before);
    this.#filled = filled;
    this.#step = step;
  }

  get best(): NodeState | undefined {
    return this.#heap.best;
  }

  /** Whether zones matter to this demand. */
  get counts(): boolean {
    return this.#step > 0;
  }

  /** What being of this zone adds to the score of each of its nodes. */
  get part(): number {
    return 0 - this.#filled * this.#step;
  }

  /** Call it when the best node has taken an instance, and its score is set anew. */
  bestTook(): void {
    this.#filled += 1;
    if (this.best?.room === 0) this.#heap.dropBest();
    else this.#heap.bestChanged();
  }
}

/** Zones with the best node of all zones first. None of them is empty to begin with. */
export function zonesOf(
  states: readonly NodeState[],
  open: readonly NodeState[],
  demand: Demand,
  ranking: Ranking,
): Heap<Zone> {
  const { placement } = demand.request;
  const label = placement.anti_affinity?.spread_by;
  const zones: Zone[] = [];
  if (label === undefined) {
    if (open.length > 0) zones.push(new Zone(open, ranking, 0, 0));
  } else {
    const filled = new Map<string | undefined, number>();
    for (const { node } of states) {
      const value = labelOf(node, label);
      filled.set(value, (filled.get(value) ?? 0) + demand.on(node.nodeId));
    }
    const step = BEYOND_STRATEGY + 2 * affinityRange(placement);
    for (const [value, members] of Map.groupBy(open, ({ node }) => labelOf(node, label))) {
      // Where a node without the label stands is not known: it comes after all others.
      const behind = value === undefined ? demand.desired + 1 : 0;
      zones.push(new Zone(members, ranking, behind + (filled.get(value) ?? 0), step));
    }
  }
  return new Heap(zones, (a, b) => isBetter(a, b, ranking));
}

function isBetter(a: Zone, b: Zone, ranking: Ranking): boolean {
  if (a.best === undefined || b.best === undefined) return a.best !== undefined;
  const [left, right] = [a.best.score + a.part, b.best.score + b.part];
  return left === right ? ranking.tie(a.best, b.best) : left > right;
}
