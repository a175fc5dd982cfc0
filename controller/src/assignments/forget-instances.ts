import type { Change } from "../changes/change.ts";
import type { Assignment } from "../model/assignment.ts";
import type { ControllerParts } from "../parts.ts";

/** Each instance has up to three objects, and a commit takes 128. */
const BATCH = 40;

/**
 * Removes the records of instances with all that belongs to them, in batches, if `isDue` still holds for them.
 *
 * @returns how many were removed
 */
export async function forgetInstances(
  { changes }: Pick<ControllerParts, "changes">,
  instanceIds: readonly string[],
  isDue: (assignment: Assignment, revision: number) => boolean,
): Promise<number> {
  let count = 0;
  for (let at = 0; at < instanceIds.length; at += BATCH) {
    const batch = instanceIds.slice(at, at + BATCH);
    const { result } = await changes.run((change) => batch.filter((id) => forgetInstance(change, id, isDue)).length);
    count += result;
  }
  return count;
}

/** Removes one of them within a change. */
export function forgetInstance(
  change: Change,
  instanceId: string,
  isDue: (assignment: Assignment, revision: number) => boolean,
): boolean {
  const found = change.get("assignments", instanceId);
  if (!found || !isDue(found.value, found.revision)) return false;
  change.delete("assignments", instanceId);
  for (const kind of ["statuses", "endpoints"] as const) {
    if (change.get(kind, instanceId)) change.delete(kind, instanceId);
  }
  return true;
}
