import { forgetInstances } from "../../assignments/forget-instances.ts";
import type { Change } from "../../changes/change.ts";
import type { Assignment } from "../../model/assignment.ts";
import type { Deployment } from "../../model/deployment.ts";
import type { ControllerParts } from "../../parts.ts";
import { type Done, eventsOf } from "./events.ts";
import type { Placed, PlacedPlan } from "./placing.ts";
import type { RowRemoval, RowSwitch } from "./plan.ts";

/** What became of a plan. */
export interface Applied {
  /** Whether anything was written. */
  readonly changed: boolean;
  /** Something had changed meanwhile: the rest of it is to be planned anew. */
  readonly stale: boolean;
}

/** One step, and how many objects must not have changed meanwhile. */
interface Step {
  readonly conditions: number;
  /** @returns whether it still was as planned */
  readonly write: (change: Change) => boolean;
  readonly done: (done: Done) => void;
}

/** The deployment itself is one more; and a large one leaves room for the bytes of about so many. */
const CONDITIONS = 100;

/** Thrown out of a change whose deployment is another than was planned for. */
class StalePlan extends Error {}

/**
 * Does what a plan says, in commits of bounded size. The first one takes the numbers of all new instances; the others need
 * not wait for each other. Each is made only if what it was planned upon still is so, so half of a plan does no harm.
 *
 * @throws what the store throws
 */
export async function applyPlan(parts: ControllerParts, { view, plan, placed }: PlacedPlan): Promise<Applied> {
  const { deployment } = view;
  const at = parts.now().toISOString();
  const { nextInstance } = deployment;
  const next = nextOf(deployment, plan.rollout, nextInstance + placed.length);
  const steps = [
    ...placed.map((one, index) => creation(one, idOf(deployment, nextInstance + index), deployment.deploymentId, at)),
    ...plan.removals.map((one) => removal(one, at)),
    ...plan.switches.map((one) => versionSwitch(one, at)),
  ];
  const done: Done = { created: [], removed: [], switched: [] };
  let written = 0;
  let revision = view.revision;
  const commit = async (batch: readonly Step[], put?: Deployment): Promise<number> => {
    const {
      result,
      revision: made,
      changed,
    } = await parts.changes.run((change) => {
      if (change.get("deployments", deployment.deploymentId)?.revision !== revision) throw new StalePlan();
      if (put) change.put("deployments", deployment.deploymentId, put);
      if (plan.rollout && put) change.publish({ ...plan.rollout.event, ...aboutDeployment(deployment) });
      return batch.filter((step) => step.write(change));
    });
    for (const step of result) step.done(done);
    if (changed) written += 1;
    if (result.length < batch.length) throw new StalePlan();
    return made;
  };
  let stale = false;
  try {
    const [first, ...rest] = batchesOf(steps);
    if (first || next !== deployment) {
      const made = await commit(first ?? [], next === deployment ? undefined : next);
      if (next !== deployment) revision = made;
    }
    const ends = await Promise.allSettled(rest.map((batch) => commit(batch)));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  } catch (thrown) {
    if (!(thrown instanceof StalePlan)) throw thrown;
    stale = true;
  } finally {
    for (const event of eventsOf(view, done)) parts.events.publish({ ...event, ...aboutDeployment(deployment) });
  }
  const forgotten = plan.forgotten.map(({ assignment }) => assignment.instanceId);
  const gone = await forgetInstances(parts, forgotten, ({ removing }) => removing !== undefined);
  if (plan.deleted && !stale) await deleteRecord(parts, deployment);
  return { changed: written + gone > 0, stale };
}

/** Id of an instance: no number is given twice. */
function idOf({ deploymentId }: Deployment, number: number): string {
  return `${deploymentId}-${number.toString(16).padStart(8, "0")}`;
}

function nextOf(deployment: Deployment, change: PlacedPlan["plan"]["rollout"], nextInstance: number): Deployment {
  if (!change && nextInstance === deployment.nextInstance) return deployment;
  const { version = deployment.version, failedVersion, rollout = deployment.rollout } = change ?? {};
  const versions = deployment.versions.map((one) =>
    one.version === failedVersion ? { ...one, failed: true as const } : one,
  );
  return { ...deployment, nextInstance, version, versions, rollout };
}

function creation({ creation: wanted, nodeId, why }: Placed, id: string, deploymentId: string, at: string): Step {
  const { entry, specVersion, desired, replaces, home, insteadOf } = wanted;
  const assignment: Assignment = {
    instanceId: id,
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
      if (replaces !== undefined && change.get("assignments", replaces)?.value.removing !== undefined) return false;
      if (insteadOf && !removal({ row: insteadOf, reason: "lost" }, at).write(change)) return false;
      change.put("assignments", id, assignment);
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

/** Whether a node still takes what a scheduler has chosen it for. */
function isOpen(change: Change, nodeId: string): boolean {
  const node = change.get("nodes", nodeId)?.value;
  return node?.health === "Healthy" && !node.cordoned && !node.drain;
}

function batchesOf(steps: readonly Step[]): Step[][] {
  const batches: Step[][] = [];
  let room = 0;
  for (const step of steps) {
    if (step.conditions > room) {
      batches.push([]);
      room = CONDITIONS;
    }
    batches.at(-1)?.push(step);
    room -= step.conditions;
  }
  return batches;
}

async function deleteRecord({ changes }: ControllerParts, { deploymentId, name }: Deployment): Promise<void> {
  await changes.run((change) => {
    const found = change.get("deployments", deploymentId);
    if (!found?.value.deleting) return;
    change.delete("deployments", deploymentId);
    if (change.get("explanations", deploymentId)) change.delete("explanations", deploymentId);
    if (change.get("deploymentNames", name)?.value.deploymentId === deploymentId)
      change.delete("deploymentNames", name);
  });
}

function aboutDeployment({ deploymentId, name }: Deployment): { deploymentId: string; deployment: string } {
  return { deploymentId, deployment: name };
}
