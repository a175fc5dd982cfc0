import type { Demand } from "../demand.ts";
import { antiAffinity } from "./anti-affinity.ts";
import { avoid } from "./avoid.ts";
import { capacity } from "./capacity.ts";
import { constraints } from "./constraints.ts";
import { cordon } from "./cordon.ts";
import type { Filter } from "./filter.ts";
import { health } from "./health.ts";
import { maxPerNode } from "./max-per-node.ts";
import { ports } from "./ports.ts";
import { runtime } from "./runtime.ts";

// The first that leaves no room says why: what no other instance would change comes before what is used up.
const FILTERS: readonly Filter[] = [
  health,
  cordon,
  avoid,
  runtime,
  constraints,
  antiAffinity,
  maxPerNode,
  ports,
  capacity,
];

/** Those that can say no to a node for this demand, in the order in which they are asked. */
export function filtersFor(demand: Demand): readonly Filter[] {
  return FILTERS.filter((filter) => filter.concerns?.(demand) ?? true);
}
