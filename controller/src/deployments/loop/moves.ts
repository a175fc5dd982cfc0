import type { Draft } from "./draft.ts";
import type { Instance } from "./instance.ts";

/**
 * Ends moves: what is replaced goes as soon as its replacement is ready, a replacement goes when it is of no use. This alone
 * decides by what is there, so a move goes on wherever a crash cut it off.
 */
export function settleMoves(draft: Draft): void {
  for (const instance of draft.instances()) {
    const replaced = draft.replacedBy(instance);
    if (!replaced) continue;
    if (draft.replacementOf(replaced.id) !== instance) {
      draft.remove(instance, "replaced");
    } else if (instance.ready && (!instance.away || !instance.toRun)) {
      const { cause } = instance.assignment.why;
      draft.remove(replaced, cause === "drain" ? "drained" : cause === "failback" ? "failback" : "replaced");
    } else if (isNeedless(instance, replaced)) {
      draft.remove(instance, "replaced");
    } else {
      draft.watchesHealth = true;
      if (instance.failed !== undefined) {
        const text = `${instance.id} on ${instance.assignment.nodeId}, which is to replace ${replaced.id}: ${instance.failed}`;
        draft.moveWaits.set(replaced.id, text);
      }
    }
  }
}

/** Whether a node can take what is to be on it. */
export function isUsable({ view }: Draft, nodeId: string): boolean {
  const node = view.node(nodeId);
  return node?.health === "Healthy" && !node.cordoned && !node.drain;
}

/** Whether it is part of a move, at either end. */
export function isMoving(draft: Draft, instance: Instance): boolean {
  return draft.replacedBy(instance) !== undefined || draft.replacementOf(instance.id) !== undefined;
}

/** The node of the replacement is to be left itself, or the one of the replaced no longer is. */
function isNeedless(replacement: Instance, replaced: Instance): boolean {
  if (replacement.node?.drain) return true;
  return replacement.assignment.why.cause === "drain" && !replaced.away && !replaced.node?.drain;
}
