import { expect } from "vitest";
import type { PlacementRequest, PlacementResult, PlacementSnapshot, Scheduler } from "../../../scheduler/scheduler.ts";
import { PlacementModel } from "../model.ts";
import { randomWorld } from "../random-world.ts";
import type { SchedulerCase } from "../scheduler-case.ts";

const WORLDS = 300;

/** What is looked at of one result. */
interface Placed {
  readonly request: PlacementRequest;
  readonly result: PlacementResult;
  readonly world: PlacementSnapshot;
  /** As after this request. */
  readonly model: PlacementModel;
  /** For each choice, whether the node could take it at its turn. */
  readonly allowed: readonly boolean[];
}

/** What holds in every snapshot; a failure names the seed of `randomWorld`. */
export const randomCases: readonly SchedulerCase[] = [
  {
    name: "in random snapshots, every node that is chosen can take the instance at its turn",
    run: (scheduler) => forEachPlaced(scheduler, ({ allowed }) => expect(allowed).not.toContain(false)),
  },
  {
    name: "in random snapshots, no instance is left out while a node could take it",
    run: (scheduler) =>
      forEachPlaced(scheduler, ({ request, result, world, model }) => {
        const able = world.nodes.filter(({ nodeId }) => model.allows(nodeId, request));
        if (able.length > 0) expect(result.choices).toHaveLength(request.count);
      }),
  },
  {
    name: "in random snapshots, a node is rejected when, and only when, it cannot take another instance",
    run: (scheduler) =>
      forEachPlaced(scheduler, ({ request, result, world, model }) => {
        const ids = world.nodes.map(({ nodeId }) => nodeId);
        const rejected = result.rejected.map(({ nodeId }) => nodeId);
        expect(rejected.toSorted()).toEqual(ids.filter((id) => !model.allows(id, request)).toSorted());
      }),
  },
];

function forEachPlaced(scheduler: Scheduler, check: (placed: Placed) => void): void {
  for (let seed = 1; seed <= WORLDS; seed += 1) {
    const { world, requests } = randomWorld(seed);
    const model = new PlacementModel(world);
    const results = scheduler.place(world, requests);
    for (const [index, request] of requests.entries()) {
      const result = results[index] ?? { choices: [], evaluated: 0, rejected: [] };
      const allowed = result.choices.map(({ nodeId }) => {
        const may = model.allows(nodeId, request);
        model.take(nodeId, request);
        return may;
      });
      try {
        check({ request, result, world, model, allowed });
      } catch (error) {
        throw new Error(`request ${index} of the random snapshot ${seed}`, { cause: error });
      }
    }
  }
}
