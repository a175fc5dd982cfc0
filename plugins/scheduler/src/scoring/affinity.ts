import type { Affinity, Placement } from "@damson/plugin-sdk";
import { labelOf } from "../label.ts";
import type { Scorer } from "./scorer.ts";

const DEFAULT_WEIGHT = 50;
const FULL_WEIGHT = 100;
const NONE: readonly Affinity[] = [];

/** The weights of the wishes that the node holds, in hundredths. */
export const affinity: Scorer = {
  name: "affinity",
  score({ node }, { request }) {
    let sum = 0;
    for (const { label, values, weight = DEFAULT_WEIGHT } of request.placement.affinity ?? NONE) {
      const value = labelOf(node, label);
      if (value !== undefined && values.includes(value)) sum += weight;
    }
    return sum / FULL_WEIGHT;
  },
};

/** How far affinity can put two nodes apart. */
export function affinityRange(placement: Placement): number {
  const weights = (placement.affinity ?? NONE).map(({ weight = DEFAULT_WEIGHT }) => Math.abs(weight));
  return weights.reduce((sum, weight) => sum + weight, 0) / FULL_WEIGHT;
}
