import type { AgentFacts } from "../api/schema/nodes.ts";
import type { ControllerParts } from "../parts.ts";

/**
 * Finds out that the store was brought back from a backup: an agent has carried out a list that is newer than all that it
 * holds. Such an agent passes its lists over, so what is said of that node's instances need not be so.
 */
export class StoreAge {
  readonly #parts: ControllerParts;
  /** Nodes of which it was said; the next start finds them out again. */
  readonly #ahead = new Set<string>();

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    parts.objects.nodes.onChange(({ id, now }) => {
      if (!now) this.#ahead.delete(id);
    });
  }

  /** Says once of each node that it is ahead. */
  look(nodeId: string, { controllerId, revision }: NonNullable<AgentFacts["seen"]>): void {
    const { objects, log, events } = this.#parts;
    const isAhead = controllerId === this.#parts.controllerId && revision > objects.revision;
    if (!isAhead) this.#ahead.delete(nodeId);
    if (!isAhead || this.#ahead.has(nodeId)) return;
    this.#ahead.add(nodeId);
    const message =
      `${nodeId} has carried out a list of revision ${revision}, and the store is at ${objects.revision}: it was brought ` +
      "back from a backup. Until it has caught up, the agent keeps what it runs, whatever is said here; `damson status` " +
      "of that agent says what to do";
    log.error({ node: nodeId }, message);
    events.publish({ type: "store.behind", message, nodeId });
  }
}
