import { createHash } from "node:crypto";
import type { UnitId } from "@damson/plugin-sdk";

/**
 * Names of containers. Instance ids have no capitals, so what is added in capitals cannot be the name of another one.
 */

/** The name of an instance's container, as Plum's users know it. */
export function containerName({ instanceId }: UnitId): string {
  return `plum-app-${instanceId}`;
}

/** The name where another agent's container, or a stranger's, has the usual one. */
export function secondName(unit: UnitId): string {
  return `${containerName(unit)}.O${ownerMark(unit.owner)}`;
}

/** The name of the container of an earlier run, kept for its logs. */
export function earlierName(unit: UnitId, run: number): string {
  return `${secondName(unit)}.R${run}`;
}

/** All names that the container of a run may have from here. */
export function namesOf(unit: UnitId, run: number): string[] {
  return [containerName(unit), secondName(unit), earlierName(unit, run)];
}

/** The network that the instances of an app have to themselves. */
export function networkName(owner: string, app: string): string {
  return `plum-net-${app}.O${ownerMark(owner)}`;
}

function ownerMark(owner: string): string {
  return createHash("sha256").update(owner).digest("hex").slice(0, 8);
}
