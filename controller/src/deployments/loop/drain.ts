import { wantedOf } from "./counts.ts";
import type { Draft } from "./draft.ts";
import { isMoving } from "./moves.ts";

/** How many instances leave a node at once where its drain says nothing else. */
const MAX_PARALLEL = 5;

/** Makes replacements for instances on nodes that are being drained, a few at a time for each node. */
export function drain(draft: Draft): void {
  const begun = new Map<string, number>();
  for (const instance of draft.instances()) {
    const { assignment, node } = instance;
    // What cannot be heard is not moved: it would go on there.
    if (!node?.drain || instance.away || instance.finished || isMoving(draft, instance)) continue;
    const { nodeId, entry: name, specVersion, desired } = assignment;
    const entry = draft.target.entries.find((each) => each.name === name);
    // It goes anyhow.
    if (!entry) continue;
    const moving = draft.view.movingFrom(nodeId) + (begun.get(nodeId) ?? 0);
    if (moving >= (node.drain.maxParallel ?? MAX_PARALLEL)) continue;
    begun.set(nodeId, (begun.get(nodeId) ?? 0) + 1);
    const home = assignment.home ?? (typeof wantedOf(draft, entry) === "number" ? undefined : nodeId);
    draft.create({
      entry: name,
      specVersion,
      desired,
      cause: "drain",
      text: `${nodeId}, which has ${instance.id}, is being drained`,
      replaces: instance.id,
      ...(home !== undefined && { home }),
    });
  }
}
