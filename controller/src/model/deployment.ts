import type { JsonObject, Placement } from "@damson/plugin-sdk";

/** How many instances of an entry, or how many on which node. */
export type Replicas = number | Readonly<Record<string, number>>;

/** What a deployment keeps true over many nodes. */
export interface Deployment {
  /** 32 hexadecimal digits. */
  readonly deploymentId: string;
  /** Never changes; no two deployments have the same. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `Stopped`: instances keep their places and do not run. */
  readonly status: "Running" | "Stopped";
  /** A rollout goes no further. */
  readonly paused: boolean;
  /** Number of the version that is to run. */
  readonly version: number;
  /** Newest first; always holds `version` and what any assignment refers to. */
  readonly versions: readonly DeploymentVersion[];
  /** By name of the entry, for the entries of all versions that are kept: what is to be now, whatever was declared. */
  readonly replicas: Readonly<Record<string, Replicas>>;
  /** Number of the next instance: no number is given twice. */
  readonly nextInstance: number;
  readonly rollout: Rollout;
  /**
   * It is being deleted, and its name is free again: the loop lets its instances go, and removes its record and explanation
   * when none is left. It is in no list any more.
   */
  readonly deleting?: true | undefined;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** How many versions a deployment keeps beside those in use. */
export const KEPT_VERSIONS = 10;

/** One version of what a deployment runs. */
export interface DeploymentVersion {
  /** Counts from 1. */
  readonly version: number;
  readonly createdAt: string;
  readonly entries: readonly Entry[];
  readonly update: UpdatePolicy;
  /** A rollout to it failed and was taken back. */
  readonly failed?: true;
}

/** One app of a deployment. */
export interface Entry {
  /** Unique in its version; what stays the same entry from one version to the next keeps it. */
  readonly name: string;
  /** Name and version of its app: of the spec, or of the artifact. */
  readonly app: string;
  readonly appVersion: string;
  /** Of Plum's clients: an uploaded artifact, or a URL with its hash. */
  readonly artifactUrl?: string | undefined;
  readonly sha256?: string | undefined;
  /** Of the artifact's meta.ini. */
  readonly services?:
    | readonly { readonly name: string; readonly protocol: string; readonly port: number }[]
    | undefined;
  /** Of Plum's clients; empty for `./start.sh`. */
  readonly startCmd?: string | undefined;
  /** The agent's apply document, passed through. Absent with `artifactUrl`. */
  readonly spec?: JsonObject | undefined;
  readonly replicas: Replicas;
  readonly placement?: Placement | undefined;
}

/** How a new version replaces the old one. */
export interface UpdatePolicy {
  /** Most instances that are not yet healthy on the new version at any time. */
  readonly maxParallel: number;
  /** An instance must be healthy within this after it got the new version. */
  readonly healthyWithinMs: number;
  /** Whether a rollout that fails goes back by itself. */
  readonly autoRollback: boolean;
}

/** How a rollout stands. */
export interface Rollout {
  /** The last version that was proven to run; 0 when none has been: there is nothing to go back to. */
  readonly from: number;
  readonly to: number;
  /** `failed`: it was not taken back. `rolled_back`: it failed, and `from` runs everywhere again. */
  readonly state: "in_progress" | "rolling_back" | "done" | "failed" | "rolled_back";
  readonly reason?: string | undefined;
  readonly startedAt: string;
  readonly at: string;
}

/** One of the versions that a deployment keeps. */
export function versionOf(deployment: Deployment, version: number): DeploymentVersion {
  const found = deployment.versions.find((candidate) => candidate.version === version);
  if (!found) throw new Error(`deployment ${deployment.deploymentId} lacks version ${version}`);
  return found;
}

/** The entry of that name in a version, if it has one. */
export function entryOf(deployment: Deployment, version: number, name: string): Entry | undefined {
  return versionOf(deployment, version).entries.find((entry) => entry.name === name);
}
