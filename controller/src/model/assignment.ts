/** One instance that has been placed on one node. */
export interface Assignment {
  /** `<deploymentId>-<8 hexadecimal digits>`; also the name of the app on the agent. */
  readonly instanceId: string;
  readonly deploymentId: string;
  /** Name of the entry. */
  readonly entry: string;
  readonly nodeId: string;
  readonly desired: "Running" | "Stopped";
  /** The version of the deployment that it is to run. */
  readonly specVersion: number;
  /** When it got that version, ISO 8601 by the controller's clock. */
  readonly specSince: string;
  /**
   * It is no longer to be, and its node is not told of it any more: the agent stops what it is not told of. The record goes
   * when the agent says that it is gone, or with the node.
   */
  readonly removing?: Removal | undefined;
  /** The instance that it replaces, which goes as soon as this one is healthy. */
  readonly replaces?: string | undefined;
  /** Node that it was moved away from, to which failback may bring it again. */
  readonly home?: string | undefined;
  readonly why: PlacementNote;
  readonly createdAt: string;
}

/** Why an instance is going. */
export interface Removal {
  readonly reason: "scaled_down" | "deleted" | "lost" | "drained" | "failback" | "replaced";
  readonly at: string;
}

/** Why an instance is where it is. */
export interface PlacementNote {
  readonly cause: "placed" | "named" | "failover" | "drain" | "failback";
  /** In words. */
  readonly text: string;
  readonly scheduler?: string | undefined;
  readonly score?: number | undefined;
  readonly parts?: Readonly<Record<string, number>> | undefined;
}

/** Whether it counts as an instance of its deployment. */
export function isActive(assignment: Assignment): boolean {
  return assignment.removing === undefined;
}
