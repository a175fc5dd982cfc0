import type { Scorer } from "./scorer.ts";

/** 1 without an instance of the entry, 0 with all of them. */
export const evenness: Scorer = {
  name: "spread",
  score: (state, demand) => 1 - demand.on(state.node.nodeId) / demand.desired,
};
