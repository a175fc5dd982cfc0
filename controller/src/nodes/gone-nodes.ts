import { BatchLoop } from "../changes/batch-loop.ts";
import { type Assignment, isActive } from "../model/assignment.ts";
import type { ControllerParts } from "../parts.ts";
import { forgetRemovals } from "./removals.ts";

const BATCH = 10;

/** Forgets what is going from nodes that were forgotten themselves: nobody can confirm it any more. */
export class GoneNodes {
  readonly #parts: ControllerParts;
  readonly #loop: BatchLoop;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    const { objects, log } = parts;
    this.#loop = new BatchLoop({
      name: "Instances of nodes that are gone",
      size: BATCH,
      log,
      work: async (nodeIds) => {
        for (const nodeId of nodeIds) await this.#forget(nodeId);
      },
    });
    for (const { value } of objects.assignments.all()) this.#review(value);
    objects.assignments.onChange(({ now }) => now && this.#review(now.value));
    objects.nodes.onChange(({ id, now }) => {
      if (!now && objects.assignmentsByNode.of(id).length > 0) this.#loop.add(id);
    });
  }

  start(): void {
    this.#loop.start();
  }

  close(): Promise<void> {
    return this.#loop.close();
  }

  #review(assignment: Assignment): void {
    const { nodeId } = assignment;
    if (!isActive(assignment) && !this.#parts.objects.nodes.get(nodeId)) this.#loop.add(nodeId);
  }

  async #forget(nodeId: string): Promise<void> {
    if (!this.#parts.objects.nodes.get(nodeId)) await forgetRemovals(this.#parts, nodeId);
  }
}
