import { versionOf } from "../../model/deployment.ts";
import type { Draft } from "./draft.ts";
import type { Instance } from "./instance.ts";
import type { RolloutChange } from "./plan.ts";
import { canGoBack, maySwitch } from "./rollout-mode.ts";
import { goingFirst } from "./surplus.ts";

/** Ends the rollout when an instance does not stand the new version. @returns whether it does */
export function failRollout(draft: Draft): boolean {
  const { deployment } = draft.view;
  if (deployment.rollout.state !== "in_progress" || deployment.paused) return false;
  for (const instance of waitingOn(draft)) {
    const fault = faultOf(draft, instance);
    if (fault === undefined) continue;
    draft.rollout = failureOf(draft, instance, fault);
    return true;
  }
  return false;
}

/** How many more instances may be not yet healthy on the target version. */
export function allowanceOf(draft: Draft): number {
  const isBound = draft.view.deployment.rollout.state === "in_progress";
  // What will not become healthy on the version that ran before must not hold up the way back to it.
  const waiting = waitingOn(draft).filter((instance) => isBound || faultOf(draft, instance) === undefined);
  return draft.target.update.maxParallel - waiting.length;
}

/** Gives the target version to instances that have another one, as many at a time as may be. */
export function switchVersions(draft: Draft): void {
  if (!maySwitch(draft)) return;
  const { version } = draft.view.deployment;
  const names = new Set(draft.target.entries.map(({ name }) => name));
  const others = draft
    .instances()
    .filter(({ assignment }) => assignment.specVersion !== version && names.has(assignment.entry));
  // Nothing runs there that could become unhealthy.
  for (const { row } of others.filter(isIdle)) draft.switches.push({ row, specVersion: version });
  const running = others.filter((instance) => !isIdle(instance) && !instance.away);
  // Nothing is lost with those that do not work now.
  for (const { row } of [...running.filter(({ ready }) => !ready), ...running.filter(({ ready }) => ready)]) {
    if (draft.allowance < 1) break;
    draft.allowance -= 1;
    draft.switches.push({ row, specVersion: version });
  }
}

/** Lets instances of entries go that the target version lacks, as those that come in their place become healthy. */
export function removeVanished(draft: Draft, missing: number): void {
  if (!maySwitch(draft)) return;
  const names = new Set(draft.target.entries.map(({ name }) => name));
  const vanished = draft.instances().filter(({ assignment }) => !names.has(assignment.entry));
  if (vanished.length === 0) return;
  const staying = draft.instances().filter(({ assignment }) => names.has(assignment.entry));
  const unproven = missing + staying.filter((instance) => !instance.away && !isProven(draft, instance)).length;
  const kept = Math.max(unproven - draft.target.update.maxParallel, 0);
  for (const instance of goingFirst(vanished).slice(0, Math.max(vanished.length - kept, 0))) {
    draft.remove(instance, "replaced");
  }
  if (kept > 0) draft.watchesHealth = true;
}

/** Says that the rollout is done when every instance that can be heard of is healthy on the target version. */
export function finishRollout(draft: Draft, missing: number): void {
  const { deployment } = draft.view;
  const { rollout } = deployment;
  const isBack = rollout.state === "rolling_back";
  for (const instance of waitingOn(draft)) {
    draft.watchesHealth = true;
    const deadline = draft.deadlineOf(instance);
    if (deadline > draft.now) draft.wake(deadline);
  }
  if (rollout.state === "done" || rollout.state === "rolled_back" || deployment.paused) return;
  draft.watchesHealth = true;
  if (missing > 0 || draft.switches.length > 0) return;
  const instances = draft.instances();
  const heard = instances.filter(({ away }) => !away);
  const isOver = (instance: Instance): boolean =>
    isProven(draft, instance) || (isBack && isOfTarget(draft, instance) && faultOf(draft, instance) !== undefined);
  if (
    !heard.every(isOver) ||
    instances.some((one) => !draft.target.entries.some(({ name }) => name === one.assignment.entry))
  )
    return;
  // Silence proves nothing, nor does what is stopped.
  if (deployment.status === "Stopped" || (instances.some(({ toRun }) => toRun) && !heard.some(({ toRun }) => toRun)))
    return;
  draft.rollout = {
    rollout: {
      ...rollout,
      state: isBack ? "rolled_back" : "done",
      ...(!isBack && { reason: undefined }),
      at: nowText(draft),
    },
    event: isBack
      ? { type: "rollout.rolled_back", message: `version ${deployment.version} runs everywhere again` }
      : { type: "rollout.done", message: `version ${deployment.version} runs everywhere` },
  };
}

/** Instances on the target version that are not healthy yet, though they can be heard of. */
function waitingOn(draft: Draft): Instance[] {
  return draft
    .instances()
    .filter((instance) => isOfTarget(draft, instance) && instance.toRun && !instance.away && !instance.ready);
}

function isProven(draft: Draft, instance: Instance): boolean {
  return isOfTarget(draft, instance) && instance.ready;
}

function isOfTarget({ view }: Draft, { assignment }: Instance): boolean {
  return assignment.specVersion === view.deployment.version;
}

/** It is not to run, or on a node that never was: it can have any version at once. */
function isIdle({ toRun, node }: Instance): boolean {
  return !toRun || node === undefined;
}

function faultOf(draft: Draft, instance: Instance): string | undefined {
  if (instance.failed !== undefined) return instance.failed;
  const policy = versionOf(draft.view.deployment, instance.assignment.specVersion);
  if (draft.deadlineOf(instance) > draft.now) return undefined;
  const last = instance.row.status?.latest.reason;
  return `it is not healthy within ${policy.update.healthyWithinMs / 1_000} s${last === undefined ? "" : `: ${last}`}`;
}

function failureOf(draft: Draft, { id, assignment }: Instance, fault: string): RolloutChange {
  const { deployment } = draft.view;
  const { rollout, version } = deployment;
  const reason = `instance ${id} on ${assignment.nodeId}: ${fault}`;
  const goesBack = draft.target.update.autoRollback && canGoBack(deployment);
  if (!goesBack) {
    return {
      rollout: { ...rollout, state: "failed", reason, at: nowText(draft) },
      event: { type: "rollout.failed", message: `version ${version} does not run: ${reason}`, instanceId: id },
    };
  }
  return {
    rollout: { ...rollout, state: "rolling_back", reason, at: nowText(draft) },
    version: rollout.from,
    failedVersion: version,
    event: {
      type: "rollout.failed",
      message: `version ${version} does not run, version ${rollout.from} comes back: ${reason}`,
      instanceId: id,
    },
  };
}

function nowText({ now }: Draft): string {
  return new Date(now).toISOString();
}
