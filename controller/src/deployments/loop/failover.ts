import { wantedOf } from "./counts.ts";
import type { Draft } from "./draft.ts";
import type { Instance } from "./instance.ts";
import { isUsable } from "./moves.ts";

/**
 * Has instances of lost nodes replaced, each in one commit with the end of the lost one, so that a node which returns stops
 * what is no longer its own. What no node has room for stays where it was.
 */
export function failOver(draft: Draft): void {
  const { settings, failoverSuspended } = draft.view;
  if (!settings.failover.enabled) return;
  for (const instance of draft.instances()) {
    if (!isLost(draft, instance)) continue;
    const replacement = draft.replacementOf(instance.id);
    if (failoverSuspended) draft.held += 1;
    // What it was to replace is still there; or what replaces it already is.
    else if (draft.replacedBy(instance) || (replacement && !isLost(draft, replacement))) draft.remove(instance, "lost");
    else replace(draft, instance, replacement);
  }
}

/**
 * Whether its node is gone for good, as far as one can know. A node that was named and has never been there is waited for, as
 * long as the deployment names nodes: the name may have been a mistake.
 */
function isLost(draft: Draft, instance: Instance): boolean {
  const { assignment, node, toRun, finished } = instance;
  if (!toRun || finished) return false;
  if (node) return node.health === "Unhealthy";
  const wanted = draft.entryOf(instance);
  const namesNodes = wanted === undefined || typeof wantedOf(draft, wanted) !== "number";
  return assignment.why.cause !== "named" || !namesNodes;
}

function replace(draft: Draft, instance: Instance, replacement: Instance | undefined): void {
  const { assignment, row, node, id } = instance;
  const { nodeId, entry, specVersion, desired, home = nodeId } = assignment;
  // It is lost as well.
  if (replacement) draft.remove(replacement, "lost");
  const wanted = draft.entryOf(instance);
  const goesHome = home !== nodeId && wanted && typeof wantedOf(draft, wanted) !== "number" && isUsable(draft, home);
  draft.create({
    entry,
    specVersion,
    desired,
    cause: "failover",
    text: `${nodeId}, which had ${id}, is ${node ? node.health : "not registered"}`,
    ...(goesHome ? { nodeId: home } : { home }),
    insteadOf: row,
  });
}
