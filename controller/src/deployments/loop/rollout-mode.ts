import type { Deployment } from "../../model/deployment.ts";
import type { Draft } from "./draft.ts";

/** Whether there is another version to which the rollout can go back. */
export function canGoBack({ rollout: { from, to }, versions }: Deployment): boolean {
  return from !== to && versions.some(({ version }) => version === from);
}

/** Whether instances may get the target version where they are. */
export function maySwitch({ view: { deployment } }: Draft): boolean {
  return !deployment.paused && deployment.rollout.state !== "failed";
}

/** Whether instances that are made with the target version wait until others are healthy on it. */
export function isRolloutHeld({ view: { deployment } }: Draft): boolean {
  return deployment.rollout.state === "in_progress" && canGoBack(deployment);
}

/**
 * The version with which an instance of an entry is made: while a rollout stands still, the one that ran before.
 * `undefined`: none is made, since the entry is new in the version that does not go on.
 */
export function creationVersion({ view: { deployment } }: Draft, entry: string): number | undefined {
  const { version, paused, rollout, versions } = deployment;
  const standing = rollout.state === "failed" || (rollout.state === "in_progress" && paused);
  if (!standing || !canGoBack(deployment)) return version;
  const before = versions.find((each) => each.version === rollout.from);
  return before?.entries.some(({ name }) => name === entry) ? rollout.from : undefined;
}
