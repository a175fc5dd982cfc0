import type { NodeRecord } from "../../model/node.ts";
import { wantedOf } from "./counts.ts";
import type { Draft } from "./draft.ts";
import type { Instance } from "./instance.ts";
import { isMoving, isUsable } from "./moves.ts";

/** Makes replacements, on their homes, for instances that were moved away: when an operator says so, or by itself if set. */
export function failBack(draft: Draft): void {
  let allowance = draft.view.failbackAllowance;
  for (const instance of draft.instances()) {
    const { home, nodeId } = instance.assignment;
    if (home === undefined || home === nodeId || instance.finished || isMoving(draft, instance)) continue;
    const node = draft.view.node(home);
    if (!node || !isUsable(draft, home)) continue;
    if (draft.view.failbackTo.has(home)) {
      goBack(draft, instance, home, "an operator said so");
    } else if (mayGoByItself(draft, node)) {
      if (allowance < 1) {
        draft.wake(draft.view.failbackAllowedAt);
        return;
      }
      allowance -= 1;
      goBack(draft, instance, home, `it is healthy since ${node.healthSince}`);
    }
  }
}

function mayGoByItself(draft: Draft, { healthSince }: NodeRecord): boolean {
  const { failback } = draft.view.settings;
  const { state } = draft.view.deployment.rollout;
  if (!failback.enabled || state === "in_progress" || state === "rolling_back") return false;
  const due = Date.parse(healthSince) + failback.stableMs;
  if (due > draft.now) draft.wake(due);
  return due <= draft.now;
}

function goBack(draft: Draft, instance: Instance, home: string, why: string): void {
  const { entry: name, specVersion, desired } = instance.assignment;
  const entry = draft.target.entries.find((each) => each.name === name);
  // It goes anyhow.
  if (!entry) return;
  draft.create({
    entry: name,
    specVersion,
    desired,
    cause: "failback",
    text: `back to ${home}, its home: ${why}`,
    replaces: instance.id,
    ...(typeof wantedOf(draft, entry) === "number" ? { only: home } : { nodeId: home }),
  });
}
