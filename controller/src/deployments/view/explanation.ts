import type { Explanation } from "../../api/schema/deployments.ts";
import { isActive } from "../../model/assignment.ts";
import { type Deployment, versionOf } from "../../model/deployment.ts";
import type { Stored } from "../../objects/collection.ts";
import type { Objects } from "../../objects/objects.ts";
import { countOf } from "../request/replicas.ts";
import { replicasNow } from "./summary.ts";

/** Why the instances of a deployment are where they are, or nowhere, by entry. */
export function explanationOf(objects: Objects, { value: deployment }: Stored<Deployment>): Explanation {
  const { deploymentId, name, version } = deployment;
  const looked = new Map(Object.entries(objects.explanations.get(deploymentId)?.value.entries ?? {}));
  const rows = objects.assignmentsByDeployment
    .of(deploymentId)
    .map(({ value }) => value)
    .filter(isActive)
    .sort((a, b) => (a.instanceId < b.instanceId ? -1 : 1));
  return {
    deploymentId,
    name,
    entries: versionOf(deployment, version).entries.map((entry) => {
      const last = looked.get(entry.name);
      const own = rows.filter((row) => row.entry === entry.name);
      const wanted = countOf(replicasNow(deployment, entry));
      return {
        entry: entry.name,
        wanted,
        placed: own.length,
        ...(last && { at: last.at, scheduler: last.scheduler }),
        evaluated: last?.evaluated ?? 0,
        unplaced: Math.max(0, wanted - own.length),
        instances: own.map(({ instanceId, nodeId, why: { cause, text, score, parts } }) => ({
          instanceId,
          nodeId,
          cause,
          text,
          ...(score !== undefined && { score }),
          ...(parts && { parts: { ...parts } }),
        })),
        rejected: [...(last?.rejected ?? [])],
        rejectedMore: last?.rejectedMore ?? 0,
      };
    }),
  };
}
