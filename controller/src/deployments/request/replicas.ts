import type { Segments } from "@damson/core/schema";
import type { Replicas } from "../../model/deployment.ts";
import type { Objects } from "../../objects/objects.ts";
import type { Findings } from "./findings.ts";

/** Most instances of one deployment. */
const MAX_INSTANCES = 100_000;

/** How many instances `replicas` asks for, over all nodes. */
export function countOf(replicas: Replicas): number {
  if (typeof replicas === "number") return replicas;
  return Object.values(replicas).reduce((sum, count) => sum + count, 0);
}

/** Looks at the number of instances of a whole deployment, and at the nodes that are named. */
export function checkReplicas(
  sent: readonly { readonly at: Segments; readonly replicas: Replicas }[],
  objects: Objects,
  findings: Findings,
): void {
  const total = sent.reduce((sum, { replicas }) => sum + countOf(replicas), 0);
  if (total > MAX_INSTANCES) {
    findings.fault(sent[0]?.at ?? [], {
      message: `expected at most ${MAX_INSTANCES} instances of a deployment, got ${total}`,
    });
  }
  for (const { at, replicas } of sent) {
    if (typeof replicas === "number") continue;
    const strangers = Object.keys(replicas).filter((nodeId) => !objects.nodes.get(nodeId));
    if (strangers.length === 0) continue;
    const more = strangers.length > 5 ? ` and ${strangers.length - 5} more` : "";
    const names = `${strangers.slice(0, 5).join(", ")}${more}`;
    findings.warn(at, `no such node yet: ${names}; instances there wait until it registers`);
  }
}
