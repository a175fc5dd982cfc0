import type { Assignment, PlacementNote, Removal } from "../../model/assignment.ts";
import type { Rollout } from "../../model/deployment.ts";
import type { PlanRow } from "./plan-view.ts";

/** What is to be done for a deployment now. Each step leaves things consistent without those after it. */
export interface Plan {
  readonly creations: readonly Creation[];
  readonly removals: readonly RowRemoval[];
  readonly switches: readonly RowSwitch[];
  /** Records that go at once: nobody will tell of them any more. */
  readonly forgotten: readonly PlanRow[];
  readonly rollout?: RolloutChange | undefined;
  /** Nothing of the deployment is left but its own record, which goes. */
  readonly deleted?: true | undefined;
  /** When to plan again though nothing has changed, in milliseconds since 1970. */
  readonly wakeAt?: number | undefined;
  /** Whether the health of its instances decides how it goes on. */
  readonly watchesHealth: boolean;
  /** Instances of lost nodes that would move if so many nodes were not lost. */
  readonly held: number;
  /** Why a move does not go on, by the instance that is to be replaced. */
  readonly moveWaits: ReadonlyMap<string, string>;
  readonly refusals: readonly Refusal[];
}

/** A node that was named, and does not get what it should have. */
export interface Refusal {
  readonly entry: string;
  readonly nodeId: string;
  readonly filter: string;
  readonly reason: string;
  /** How many instances it lacks. */
  readonly count: number;
}

/** An instance that is to be made. */
export interface Creation {
  readonly entry: string;
  readonly specVersion: number;
  readonly desired: Assignment["desired"];
  readonly cause: PlacementNote["cause"];
  /** Why there is to be one. */
  readonly text: string;
  /** Node that is given; absent: the scheduler chooses. */
  readonly nodeId?: string | undefined;
  /** The only node that the scheduler may choose. */
  readonly only?: string | undefined;
  readonly replaces?: string | undefined;
  readonly home?: string | undefined;
  /** The lost instance that it stands in for, which goes in the same commit. */
  readonly insteadOf?: PlanRow | undefined;
}

/** An instance that is to go. */
export interface RowRemoval {
  readonly row: PlanRow;
  readonly reason: Removal["reason"];
}

/** An instance that gets another version where it is. */
export interface RowSwitch {
  readonly row: PlanRow;
  readonly specVersion: number;
}

/** How the rollout goes on. */
export interface RolloutChange {
  readonly rollout: Rollout;
  /** Another version is to run. */
  readonly version?: number | undefined;
  /** A version is marked as failed. */
  readonly failedVersion?: number | undefined;
  readonly event: { readonly type: string; readonly message: string; readonly instanceId?: string };
}
