import type { LinkRecord } from "./link-record.ts";
import type { AssignmentList } from "./protocol.ts";

/** What a list means for the apps that are here. */
export interface TakenOn {
  /** What is kept on disk from now on. */
  readonly record: Pick<LinkRecord, "controllerId" | "nodeId" | "revision">;
  /** Apps that are no longer this node's. */
  readonly gone: readonly string[];
  /** Apps that another store has assigned, and that are kept. */
  readonly left: readonly string[];
  /** Whether the list is that of another store than the one before. */
  readonly isAnother: boolean;
}

/**
 * Decides what a list means. It is authoritative for what its own store has assigned. What another store has assigned, and
 * this one does not list, is no evidence of anything: it is kept, and left to people.
 *
 * @param assigned the apps here that have an assignment, and the store that assigned each, where that is known
 * @returns `undefined` for a list that is older than one that was taken on before
 */
export function takeOn(
  list: AssignmentList,
  record: LinkRecord,
  assigned: ReadonlyMap<string, string | undefined>,
  nodeId: string,
): TakenOn | undefined {
  const { controllerId, revision } = list;
  const isAnother = record.controllerId !== controllerId;
  // Each node has a list of its own: an agent that was given another id begins with that of another.
  if (!isAnother && record.nodeId === nodeId && revision < record.revision) return undefined;
  const listed = new Set(list.items.map(({ instanceId }) => instanceId));
  const unlisted = [...assigned.keys()].filter((name) => !listed.has(name));
  return {
    record: { controllerId, nodeId, revision },
    gone: unlisted.filter((name) => assigned.get(name) === controllerId),
    left: unlisted.filter((name) => assigned.get(name) !== controllerId),
    isAnother,
  };
}
