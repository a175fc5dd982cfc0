import type { PlacementRequest } from "@damson/plugin-sdk";
import { amountsOf } from "./amounts.ts";
import { hashOf } from "./hash.ts";

/** A request, with all that is the same for every node worked out once. */
export class Demand {
  readonly request: PlacementRequest;
  readonly hash: number;
  /** Millionths of a core for each instance. */
  readonly cpu: number;
  /** Bytes for each instance. */
  readonly memory: number;
  /** How many instances the entry will have when all of them find a place; at least 1. */
  readonly desired: number;
  readonly #placed: ReadonlyMap<string, number>;
  readonly #taken: Map<string, number>;

  /** @param taken by node, instances of this entry that requests of the same call took; it is added to */
  constructor(request: PlacementRequest, taken: Map<string, number>) {
    const { cpu, memory } = amountsOf(request.resources, 0);
    this.request = request;
    this.hash = hashOf(entryKey(request));
    this.cpu = cpu;
    this.memory = memory;
    this.#placed = new Map(Object.entries(request.placed));
    this.#taken = taken;
    this.desired = Math.max(request.count + sum(this.#placed) + sum(taken), 1);
  }

  /** How many instances of the entry are on the node. */
  on(nodeId: string): number {
    return (this.#placed.get(nodeId) ?? 0) + (this.#taken.get(nodeId) ?? 0);
  }

  tookOn(nodeId: string): void {
    this.#taken.set(nodeId, (this.#taken.get(nodeId) ?? 0) + 1);
  }
}

/** One text for each entry of each deployment. */
export function entryKey({ deployment, entry }: PlacementRequest): string {
  return JSON.stringify([deployment, entry]);
}

function sum(counts: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}
