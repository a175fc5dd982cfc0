import type { Change } from "../changes/change.ts";
import type { Deployment } from "../model/deployment.ts";
import type { DeploymentChanged } from "./answer.ts";
import { deploymentToChange, putDeployment } from "./write.ts";

/** What can be done to a deployment as a whole, with what it then is. */
export const ACTIONS = {
  start: { to: { status: "Running" }, done: "It is to run" },
  stop: { to: { status: "Stopped" }, done: "It is to stop; its instances keep their places" },
  pause: { to: { paused: true }, done: "Its rollout goes no further" },
  resume: { to: { paused: false }, done: "Its rollout goes on" },
} as const satisfies Record<string, { to: Partial<Deployment>; done: string }>;

/** One of {@link ACTIONS}. */
type Action = keyof typeof ACTIONS;

/** @throws DamsonError `DEPLOYMENT_NOT_FOUND` (404) */
export function act(change: Change, deploymentId: string, action: Action, now: Date): DeploymentChanged {
  const { value: deployment } = deploymentToChange(change, deploymentId);
  const { to, done } = ACTIONS[action];
  const next: Deployment = { ...deployment, ...to };
  const changed = next.status !== deployment.status || next.paused !== deployment.paused;
  if (changed) {
    putDeployment(change, { ...next, updatedAt: now.toISOString() });
    change.publish({ type: "deployment.updated", deploymentId, deployment: deployment.name, message: done });
  }
  return { deploymentId, version: deployment.version, changed, warnings: [] };
}
