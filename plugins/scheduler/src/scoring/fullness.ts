import type { Scorer } from "./scorer.ts";

/** How full the node is before it takes the instance: 0 to 1. */
export const fullness: Scorer = {
  name: "binpack",
  score: ({ load }) => load,
};
