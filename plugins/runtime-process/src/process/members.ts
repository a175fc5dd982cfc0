import type { RunProcesses } from "../run/unit.ts";
import type { ProcessStat } from "./identity.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * The processes of a run without its shim: those in the shim's session, those that carry the run's marker (they survive
 * a double fork with a new session), and all that descend from either.
 */
export function membersOf(snapshot: Snapshot, { shim, app }: RunProcesses, marker: string): ProcessStat[] {
  const roots = [...snapshot.marked(marker)];
  const main = snapshot.get(app.pid);
  if (main?.start === app.start) roots.push(main);
  // Only while the shim lives is the number of its session surely its own.
  if (snapshot.get(shim.pid)?.start === shim.start) roots.push(...snapshot.session(shim.pid));
  const members = snapshot.withDescendants(roots);
  const leader = members.get(shim.pid);
  if (leader?.start === shim.start) members.delete(shim.pid);
  members.delete(process.pid);
  return [...members.values()];
}
