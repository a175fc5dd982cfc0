import type { ControllerParts } from "../../parts.ts";
import type { MoveAccounts } from "./move-accounts.ts";
import type { Plan } from "./plan.ts";
import type { PlanView } from "./plan-view.ts";

/** What views are made of beside the objects. */
export interface ViewSources {
  readonly moves: MoveAccounts;
  readonly failoverSuspended: () => boolean;
  readonly heardSince: number;
  readonly failbackTo: (deploymentId: string) => ReadonlySet<string>;
}

/** Makes the views of plans that are made at the same time: what one of them begins, those after it see. */
export class Views {
  readonly #parts: ControllerParts;
  readonly #sources: ViewSources;
  readonly #leaving = new Map<string, number>();
  #failbacks = 0;

  constructor(parts: ControllerParts, sources: ViewSources) {
    this.#parts = parts;
    this.#sources = sources;
  }

  /** `undefined` when there is no such deployment. */
  of(deploymentId: string): PlanView | undefined {
    const { objects, settings, now } = this.#parts;
    const { moves, failoverSuspended, heardSince, failbackTo } = this.#sources;
    const deployment = objects.deployments.get(deploymentId);
    if (!deployment) return undefined;
    const rows = objects.assignmentsByDeployment.of(deploymentId).map(({ id, value, revision }) => ({
      assignment: value,
      revision,
      status: objects.statuses.get(id)?.value,
    }));
    rows.sort((a, b) => (a.assignment.instanceId < b.assignment.instanceId ? -1 : 1));
    const failbacks = moves.failbacksBefore(now().getTime());
    return {
      deployment: deployment.value,
      revision: deployment.revision,
      rows,
      node: (nodeId) => objects.nodes.get(nodeId)?.value,
      movingFrom: (nodeId) => moves.movingFrom(nodeId) + (this.#leaving.get(nodeId) ?? 0),
      settings,
      failoverSuspended: failoverSuspended(),
      failbackAllowance: settings.failback.maxPerMinute - failbacks.count - this.#failbacks,
      failbackAllowedAt: failbacks.until,
      heardSince,
      failbackTo: failbackTo(deploymentId),
    };
  }

  /** What a plan begins. */
  planned({ rows }: PlanView, { creations }: Plan): void {
    const nodes = new Map<string, string>();
    const moving = creations.filter(({ replaces }) => replaces !== undefined);
    if (moving.length > 0) for (const { assignment } of rows) nodes.set(assignment.instanceId, assignment.nodeId);
    for (const { replaces = "", cause } of moving) {
      const nodeId = nodes.get(replaces) ?? "";
      this.#leaving.set(nodeId, (this.#leaving.get(nodeId) ?? 0) + 1);
      if (cause === "failback") this.#failbacks += 1;
    }
  }
}
