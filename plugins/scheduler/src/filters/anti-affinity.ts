import type { Demand } from "../demand.ts";
import { type Filter, roomIf } from "./filter.ts";

/** A deployment may name itself: then a node takes one instance of it, and no other. */
export const antiAffinity: Filter = {
  name: "anti_affinity",
  concerns: (demand) => unwantedBy(demand).length > 0,
  room(state, demand) {
    const unwanted = unwantedBy(demand);
    if (unwanted.some((deployment) => state.deployments.has(deployment))) return 0;
    return unwanted.includes(demand.request.deployment) ? 1 : roomIf(true);
  },
  reason(state, demand) {
    const there = unwantedBy(demand).filter((deployment) => state.deployments.has(deployment));
    return `has an instance of ${there.join(", ")}`;
  },
};

function unwantedBy({ request }: Demand): readonly string[] {
  return request.placement.anti_affinity?.deployments ?? [];
}
