import type { Assignment } from "../../model/assignment.ts";
import type { Deployment } from "../../model/deployment.ts";
import type { InstanceStatusRecord } from "../../model/instance-status.ts";
import type { NodeRecord } from "../../model/node.ts";
import type { ControllerSettings } from "../../settings.ts";

/** One instance of the deployment, with what its agent last said. */
export interface PlanRow {
  readonly assignment: Assignment;
  /** Of the assignment: what is planned for it holds for this one alone. */
  readonly revision: number;
  readonly status: InstanceStatusRecord | undefined;
}

/** All that a plan for one deployment depends on. */
export interface PlanView {
  readonly deployment: Deployment;
  readonly revision: number;
  /** All of the deployment, those that are going too, in the order of their ids. */
  readonly rows: readonly PlanRow[];
  /** A node, when it is registered. */
  readonly node: (nodeId: string) => NodeRecord | undefined;
  /** How many instances are on the way from a node to another one now, of all deployments. */
  readonly movingFrom: (nodeId: string) => number;
  readonly settings: Pick<ControllerSettings, "failover" | "failback">;
  /** So many nodes are lost that nothing moves. */
  readonly failoverSuspended: boolean;
  /** How many instances may go back to their homes by themselves now. */
  readonly failbackAllowance: number;
  /** When there will be more of that, in milliseconds since 1970. */
  readonly failbackAllowedAt: number;
  /** Since when the controller has heard agents, in milliseconds since 1970: its start. */
  readonly heardSince: number;
  /** Instances go back to these nodes, since an operator said so. */
  readonly failbackTo: ReadonlySet<string>;
}
