import type { PlacementResult } from "@damson/plugin-sdk";
import type { ArtifactRecord } from "./artifact.ts";
import type { Assignment } from "./assignment.ts";
import type { Deployment } from "./deployment.ts";
import type { EndpointsRecord } from "./endpoints.ts";
import type { InstanceStatusRecord } from "./instance-status.ts";
import type { NodeRecord } from "./node.ts";
import type { OperationRecord } from "./operation.ts";

/** The latest placement of each entry of a deployment. */
export interface ExplanationRecord {
  readonly entries: Readonly<Record<string, EntryExplanation>>;
}

/** Why instances of an entry are where they are, or nowhere. */
export interface EntryExplanation extends Pick<PlacementResult, "evaluated" | "rejected"> {
  readonly at: string;
  readonly scheduler: string;
  readonly wanted: number;
  readonly unplaced: number;
  /** Nodes that were rejected beside those in `rejected`, which are at most 200. */
  readonly rejectedMore: number;
}

/** The value of each kind of object. */
export interface Kinds {
  readonly nodes: NodeRecord;
  readonly nodeLeases: Record<string, never>;
  readonly schemas: object;
  readonly artifacts: ArtifactRecord;
  readonly deployments: Deployment;
  readonly deploymentNames: { readonly deploymentId: string };
  readonly explanations: ExplanationRecord;
  readonly assignments: Assignment;
  readonly statuses: InstanceStatusRecord;
  readonly endpoints: EndpointsRecord;
  readonly operations: OperationRecord;
}
