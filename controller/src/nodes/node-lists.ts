import type { Assignment } from "../model/assignment.ts";
import type { Objects } from "../objects/objects.ts";

/**
 * The revision of each node's list of assignments: that of the store at which what should run there last changed. After a
 * restart all lists have the revision at which the objects were read, so every agent fetches its list once more.
 */
export class NodeLists {
  readonly #objects: Objects;
  readonly #revisions = new Map<string, number>();
  readonly #listeners: ((nodeId: string, revision: number) => void)[] = [];
  readonly #loaded: number;

  constructor(objects: Objects) {
    this.#objects = objects;
    this.#loaded = objects.revision;
    objects.assignments.onChange(({ before, now }) => {
      if (before && isSame(before.value, now?.value)) return;
      for (const nodeId of new Set([before?.value.nodeId, now?.value.nodeId])) {
        if (nodeId !== undefined) this.#changed(nodeId, now?.revision);
      }
    });
    objects.deployments.onChange(({ id, before, now }) => {
      if (before?.value.status === now?.value.status) return;
      const nodeIds = objects.assignmentsByDeployment.of(id).map(({ value }) => value.nodeId);
      for (const nodeId of new Set(nodeIds)) this.#changed(nodeId, now?.revision);
    });
  }

  /** All changes up to this revision are in the node's list. */
  revisionOf(nodeId: string): number {
    return this.#revisions.get(nodeId) ?? this.#loaded;
  }

  /** Calls `listener` with each list that has changed. It must not throw. */
  onChange(listener: (nodeId: string, revision: number) => void): void {
    this.#listeners.push(listener);
  }

  /** A removal has no revision of its own, but is newer than all before it. */
  #changed(nodeId: string, revision = this.#objects.revision + 1): void {
    if (revision <= this.revisionOf(nodeId)) return;
    this.#revisions.set(nodeId, revision);
    for (const listener of this.#listeners) listener(nodeId, revision);
  }
}

/**
 * Whether the list is the same. While one is going it is not, whatever changes of it: that it has gone is confirmed by a list
 * that is at least as new as its record. Once the record has gone too, nothing is new.
 */
function isSame(before: Assignment, now: Assignment | undefined): boolean {
  if (!now) return before.removing !== undefined;
  return (
    now.removing === undefined &&
    before.removing === undefined &&
    before.nodeId === now.nodeId &&
    before.desired === now.desired &&
    before.specVersion === now.specVersion
  );
}
