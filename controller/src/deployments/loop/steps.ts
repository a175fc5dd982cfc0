import type { Change } from "../../changes/change.ts";
import type { Assignment } from "../../model/assignment.ts";
import type { Deployment } from "../../model/deployment.ts";
import type { Done } from "./events.ts";
import type { Placed, PlacedPlan } from "./placing.ts";
import type { RowRemoval, RowSwitch } from "./plan.ts";

/** What is written for one instance. */
export interface Step {
  /** How many objects must not have changed meanwhile. */
  readonly conditions: number;
  /** @returns whether all still was as planned; otherwise it writes nothing */
  readonly write: (change: Change) => boolean;
  readonly done: (done: Done) => void;
}

/** A deployment is one more condition; and a large one leaves room for the bytes of about so many. */
const CONDITIONS = 100;

/**
 * What a plan writes, in batches that each fit into a commit.
 *
 * @param at - ISO 8601
 */
export function batchesOf({ view: { deployment }, plan, placed }: PlacedPlan, at: string): Step[][] {
  const batches: Step[][] = [];
  let room = 0;
  for (const step of [
    ...placed.map((one, index) => creation(deployment, one, deployment.nextInstance + index, at)),
    ...plan.removals.map((one) => removal(one, at)),
    ...plan.switches.map((one) => versionSwitch(one, at)),
  ]) {
    if (step.conditions > room) {
      batches.push([]);
      room = CONDITIONS;
    }
    batches.at(-1)?.push(step);
    room -= step.conditions;
  }
  return batches;
}

function creation(
  { deploymentId }: Deployment,
  { creation: wanted, nodeId, why }: Placed,
  number: number,
  at: string,
): Step {
  const { entry, specVersion, desired, replaces, home, insteadOf } = wanted;
  const instanceId = `${deploymentId}-${number.toString(16).padStart(8, "0")}`;
  const assignment: Assignment = {
    instanceId,
    deploymentId,
    entry,
    nodeId,
    desired,
    specVersion,
    specSince: at,
    ...(replaces !== undefined && { replaces }),
    ...(home !== undefined && { home }),
    why,
    createdAt: at,
  };
  const isChosen = wanted.nodeId === undefined;
  return {
    conditions: 1 + Number(isChosen) + Number(replaces !== undefined || insteadOf !== undefined),
    write(change) {
      if (isChosen && !isOpen(change, nodeId)) return false;
      if (replaces !== undefined && !isThere(change, replaces)) return false;
      if (insteadOf && !removal({ row: insteadOf, reason: "lost" }, at).write(change)) return false;
      change.put("assignments", instanceId, assignment);
      return true;
    },
    done: ({ created }) => created.push({ assignment, insteadOf: insteadOf?.assignment }),
  };
}

function removal({ row, reason }: RowRemoval, at: string): Step {
  const { assignment, revision } = row;
  return {
    conditions: 1,
    write(change) {
      if (change.get("assignments", assignment.instanceId)?.revision !== revision) return false;
      change.put("assignments", assignment.instanceId, { ...assignment, removing: { reason, at } });
      return true;
    },
    done: ({ removed }) => removed.push({ assignment, reason }),
  };
}

function versionSwitch({ row, specVersion }: RowSwitch, at: string): Step {
  const { assignment, revision } = row;
  return {
    conditions: 1,
    write(change) {
      if (change.get("assignments", assignment.instanceId)?.revision !== revision) return false;
      change.put("assignments", assignment.instanceId, { ...assignment, specVersion, specSince: at });
      return true;
    },
    done: ({ switched }) => switched.push({ ...assignment, specVersion }),
  };
}

function isThere(change: Change, instanceId: string): boolean {
  const found = change.get("assignments", instanceId)?.value;
  return found !== undefined && !found.removing;
}

/** Whether a node still takes what a scheduler has chosen it for. */
function isOpen(change: Change, nodeId: string): boolean {
  const node = change.get("nodes", nodeId)?.value;
  return node?.health === "Healthy" && !node.cordoned && !node.drain;
}
