import { forgetInstances } from "../../assignments/forget-instances.ts";
import type { Deployment } from "../../model/deployment.ts";
import type { ControllerParts } from "../../parts.ts";
import { type Done, eventsOf } from "./events.ts";
import type { PlacedPlan } from "./placing.ts";
import type { RolloutChange } from "./plan.ts";
import { batchesOf, type Step } from "./steps.ts";

/** What became of a plan. */
export interface Applied {
  /** Whether anything was written. */
  readonly changed: boolean;
  /** Something had changed meanwhile: the rest of it is to be planned anew. */
  readonly stale: boolean;
}

/** Thrown out of a change whose deployment is another than was planned for. */
class StalePlan extends Error {}

/**
 * Does what a plan says, in commits of bounded size. The first one takes the numbers of all new instances; the others need
 * not wait for each other. Each is made only if what it was planned upon still is so, so half of a plan does no harm.
 *
 * @throws what the store throws
 */
export async function applyPlan(parts: ControllerParts, placedPlan: PlacedPlan): Promise<Applied> {
  const { view, plan } = placedPlan;
  const { deploymentId, name } = view.deployment;
  const next = nextOf(placedPlan);
  const done: Done = { created: [], removed: [], switched: [] };
  const about = { deploymentId, deployment: name };
  let changed = false;
  let revision = view.revision;
  const commit = async (steps: readonly Step[], put: Deployment | undefined): Promise<void> => {
    const made = await parts.changes.run((change) => {
      if (change.get("deployments", deploymentId)?.revision !== revision) throw new StalePlan();
      if (put) change.put("deployments", deploymentId, put);
      if (put && plan.rollout) change.publish({ ...plan.rollout.event, ...about });
      return steps.filter((step) => step.write(change));
    });
    for (const step of made.result) step.done(done);
    changed ||= made.changed;
    if (put) revision = made.revision;
    if (made.result.length < steps.length) throw new StalePlan();
  };
  const stale = await isStale(async () => {
    const [first = [], ...rest] = batchesOf(placedPlan, parts.now().toISOString());
    if (first.length > 0 || next) await commit(first, next);
    const ends = await Promise.allSettled(rest.map((steps) => commit(steps, undefined)));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }).finally(() => {
    for (const event of eventsOf(view, done)) parts.events.publish({ ...event, ...about });
  });
  const forgotten = plan.forgotten.map(({ assignment }) => assignment.instanceId);
  const gone = await forgetInstances(parts, forgotten, ({ removing }) => removing !== undefined);
  if (plan.deleted && !stale) await deleteRecord(parts, view.deployment);
  return { changed: changed || gone > 0, stale };
}

async function isStale(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return false;
  } catch (thrown) {
    if (thrown instanceof StalePlan) return true;
    throw thrown;
  }
}

/** The deployment as it is to be written; `undefined` when it stays as it is. */
function nextOf({ view: { deployment }, plan, placed }: PlacedPlan): Deployment | undefined {
  if (!plan.rollout && placed.length === 0) return undefined;
  const next = { ...deployment, nextInstance: deployment.nextInstance + placed.length };
  return plan.rollout ? withRollout(next, plan.rollout) : next;
}

function withRollout(deployment: Deployment, { rollout, version, failedVersion }: RolloutChange): Deployment {
  const versions = deployment.versions.map((one) =>
    one.version === failedVersion ? { ...one, failed: true as const } : one,
  );
  return { ...deployment, rollout, versions, version: version ?? deployment.version };
}

async function deleteRecord({ changes }: ControllerParts, { deploymentId, name }: Deployment): Promise<void> {
  await changes.run((change) => {
    if (!change.get("deployments", deploymentId)?.value.deleting) return;
    change.delete("deployments", deploymentId);
    if (change.get("explanations", deploymentId)) change.delete("explanations", deploymentId);
    if (change.get("deploymentNames", name)?.value.deploymentId === deploymentId)
      change.delete("deploymentNames", name);
  });
}
