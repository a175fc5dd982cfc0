import type { LinkRecord } from "./link-record.ts";
import type { AssignmentList } from "./protocol.ts";

/** What a list means for the apps that are here. */
export interface TakenOn {
  /** What is kept on disk from now on. */
  readonly record: Pick<LinkRecord, "controllerId" | "nodeId" | "revision" | "left">;
  /** Apps that are no longer this node's. */
  readonly gone: readonly string[];
  /** Set when the list is that of another store than the one before: the apps that it knows nothing of, and that are kept. */
  readonly newlyLeft: readonly string[] | undefined;
}

/**
 * Decides what a list means. It is authoritative for what its own store has assigned. What another store has assigned, and
 * this one does not list, is no evidence of anything: it is kept, and left to people.
 *
 * @param assigned names of the apps here that have an assignment
 * @returns `undefined` for a list that is older than one that was taken on before
 */
export function takeOn(
  list: AssignmentList,
  record: LinkRecord,
  assigned: readonly string[],
  nodeId: string,
): TakenOn | undefined {
  const { controllerId, revision } = list;
  const isAnother = record.controllerId !== controllerId;
  // Each node has a list of its own: an agent that was given another id begins with that of another.
  if (!isAnother && record.nodeId === nodeId && revision < record.revision) return undefined;
  const listed = new Set(list.items.map(({ instanceId }) => instanceId));
  const unlisted = assigned.filter((name) => !listed.has(name));
  const newlyLeft = isAnother ? unlisted.filter((name) => record.left[name] === undefined) : undefined;
  const owners = new Map(Object.entries(record.left));
  for (const name of newlyLeft ?? []) owners.set(name, record.controllerId ?? "");
  const left = unlisted.filter((name) => (owners.get(name) ?? controllerId) !== controllerId);
  return {
    record: {
      controllerId,
      nodeId,
      revision,
      left: Object.fromEntries(left.map((name) => [name, owners.get(name) ?? ""])),
    },
    gone: unlisted.filter((name) => !left.includes(name)),
    newlyLeft,
  };
}
