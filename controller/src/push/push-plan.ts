import type { AgentItem } from "../assignments/list-assignments.ts";
import type { SeenInstance } from "./called-agent.ts";

/** What brings an agent to its list. */
export interface PushPlan {
  /** No longer its own; these end before anything begins. */
  readonly remove: readonly string[];
  readonly stop: readonly string[];
  readonly apply: readonly AgentItem[];
}

/**
 * Compares what an agent has with what it is to have.
 *
 * @param isOurs whether an instance that is not in the list was assigned by this controller
 */
export function pushPlan(
  list: readonly AgentItem[],
  seen: readonly SeenInstance[],
  isOurs: (instance: SeenInstance) => boolean,
): PushPlan {
  const listed = new Set(list.map(({ instanceId }) => instanceId));
  const present = new Map(seen.map((instance) => [instance.instanceId, instance]));
  return {
    remove: seen
      .filter((instance) => !listed.has(instance.instanceId) && instance.desired !== "deleted" && isOurs(instance))
      .map(({ instanceId }) => instanceId),
    stop: list
      .filter(({ instanceId, desired }) => desired === "Stopped" && present.get(instanceId)?.desired === "running")
      .map(({ instanceId }) => instanceId),
    apply: list.filter((item) => item.desired === "Running" && !isDeclared(item, present.get(item.instanceId))),
  };
}

/** An agent that does not tell the version of the deployment has at least that of the app. */
function isDeclared(item: AgentItem, seen: SeenInstance | undefined): boolean {
  if (seen?.desired !== "running") return false;
  return seen.specVersion === undefined ? seen.version === item.appVersion : seen.specVersion === item.specVersion;
}
