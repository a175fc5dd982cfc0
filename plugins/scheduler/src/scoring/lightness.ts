import type { Scorer } from "./scorer.ts";

/** What is used of the node, worth half an instance at most, so that it decides only among equally even nodes. */
export const lightness: Scorer = {
  name: "load",
  score: (state, demand) => (0 - state.load) / (2 * demand.desired),
};
