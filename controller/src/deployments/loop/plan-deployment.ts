import { fillUp, scaleDown } from "./counts.ts";
import { Draft } from "./draft.ts";
import { drain } from "./drain.ts";
import { failBack } from "./failback.ts";
import { failOver } from "./failover.ts";
import { settleMoves } from "./moves.ts";
import type { Plan } from "./plan.ts";
import type { PlanView } from "./plan-view.ts";
import { allowanceOf, failRollout, finishRollout, removeVanished, switchVersions } from "./rollout.ts";

/**
 * What is to be done for a deployment now. A pure function: the same view and time give the same plan. Whoever does what it
 * says, in any order and however much of it, and plans again until there is nothing to do, gets what the deployment declares.
 */
export function planDeployment(view: PlanView, now: Date): Plan {
  const draft = new Draft(view, now);
  forgetUnreachable(draft);
  if (view.deployment.deleting) return planDeletion(draft);
  // Everything else is decided when it is clear which version is to run.
  if (failRollout(draft)) return draft.plan;
  settleMoves(draft);
  scaleDown(draft);
  failOver(draft);
  draft.allowance = allowanceOf(draft) - draft.creations.length;
  // First, since what is missing may find no place.
  switchVersions(draft);
  const missing = fillUp(draft);
  removeVanished(draft, missing);
  finishRollout(draft, missing);
  drain(draft);
  failBack(draft);
  return draft.plan;
}

/** Lets all instances go, and then the record. */
function planDeletion(draft: Draft): Plan {
  for (const instance of draft.instances()) draft.remove(instance, "deleted");
  return { ...draft.plan, ...(draft.view.rows.length === 0 && { deleted: true }) };
}

/**
 * No agent will tell that these are gone: the node is not registered, or lost while the deployment is being deleted. Should it
 * come back, it stops what it is not told of.
 */
function forgetUnreachable({ view, forgotten }: Draft): void {
  for (const row of view.rows) {
    if (!row.assignment.removing) continue;
    const node = view.node(row.assignment.nodeId);
    if (!node || (view.deployment.deleting && node.health === "Unhealthy")) forgotten.push(row);
  }
}
