import type { Scheduler } from "@damson/plugin-sdk";
import { Demand, entryKey } from "./demand.ts";
import { NodeState } from "./node-state.ts";
import { ownValue } from "./own-value.ts";
import { placeDemand } from "./place-demand.ts";

/** The scheduler that Damson comes with. */
export function createScheduler(): Scheduler {
  return {
    name: "default",
    place(snapshot, requests) {
      const states = snapshot.nodes.map(
        (node) => new NodeState(node, ownValue(snapshot.deploymentsOn, node.nodeId) ?? []),
      );
      const takenBy = new Map<string, Map<string, number>>();
      return requests.map((request) => {
        const key = entryKey(request);
        const taken = takenBy.get(key) ?? new Map<string, number>();
        takenBy.set(key, taken);
        return placeDemand(states, new Demand(request, taken));
      });
    },
  };
}
