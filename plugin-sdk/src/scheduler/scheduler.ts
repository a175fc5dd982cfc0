import type { Resources, SchedulerNode } from "./node.ts";
import type { Placement } from "./placement.ts";

/** Instances of one entry of a deployment that need nodes. */
export interface PlacementRequest {
  readonly deployment: string;
  readonly entry: string;
  /** How many to place; 0 asks only which nodes could take one. */
  readonly count: number;
  /** `pkg.type` of what is to run. */
  readonly packageType: string;
  /** What each instance asks for. */
  readonly resources: Resources;
  /** Host ports that each instance takes, e.g. `8080/tcp`. */
  readonly ports: readonly string[];
  readonly placement: Placement;
  /**
   * Instances of this entry that stay where they are, by node. They are in `used`, `ports` and `instances` of the node as
   * well. What requests before this one took in the same call does not belong here: the scheduler counts it.
   */
  readonly placed: Readonly<Record<string, number>>;
  /** Nodes that must not be chosen, with the reason, e.g. the one that is being left. */
  readonly avoid?: Readonly<Record<string, string>>;
}

/** All that a placement depends on. */
export interface PlacementSnapshot {
  readonly nodes: readonly SchedulerNode[];
  /** Names of the deployments that have instances on a node. */
  readonly deploymentsOn: Readonly<Record<string, readonly string[]>>;
}

/** Why a node was not chosen. */
export interface Rejection {
  readonly nodeId: string;
  /** Name of the filter, e.g. `capacity`. */
  readonly filter: string;
  /** In words, e.g. `needs 2 cores, has 0.5 left`. */
  readonly reason: string;
}

/** How a node that was chosen compared. */
export interface Choice {
  readonly nodeId: string;
  /** Higher is better; only comparable within one placement. */
  readonly score: number;
  /** What the score was made of, e.g. `{ spread: 0.8, affinity: 0.5 }`. */
  readonly parts: Readonly<Record<string, number>>;
}

/** Where the instances of one request go, and why. */
export interface PlacementResult {
  /** One for each instance that has a place, each the best at its turn; fewer than asked when nodes run out. */
  readonly choices: readonly Choice[];
  /** How many nodes were looked at. */
  readonly evaluated: number;
  /** Every node that cannot take another instance, once, also when the choices above have filled it. */
  readonly rejected: readonly Rejection[];
}

/**
 * Places instances on nodes. A pure function: it does no input or output, keeps nothing, and gives the same result for the
 * same arguments, so that a placement can be explained and repeated.
 *
 * Proven for every scheduler by `schedulerConformance` of `@damson/plugin-sdk/testing`: no node is chosen that is
 * unhealthy, cordoned, avoided, without the runtime, without the capacity or the ports, or against the constraints; as
 * many as fit are placed, whatever the strategy; every node of the snapshot is either chosen, rejected with a reason, or
 * could have taken more; strategies and affinity do on simple snapshots what `Placement` says of them. Requests of one call
 * are placed one after the other, each seeing what those before it took.
 */
export interface Scheduler {
  /** As in `provides: ["scheduler:<name>"]` of the manifest. */
  readonly name: string;
  /** One result for each request, in their order. */
  place(snapshot: PlacementSnapshot, requests: readonly PlacementRequest[]): readonly PlacementResult[];
}
