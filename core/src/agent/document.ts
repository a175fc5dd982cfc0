import type { Handle } from "@damson/plugin-sdk";
import type { Migrations } from "../state/index.ts";
import type { AppSpec, Assignment } from "./schema/apply.ts";
import type { ExitRecord } from "./schema/records.ts";

/** Schema version of {@link AppDocument} on disk. */
export const APP_SCHEMA_VERSION = 3;

/**
 * 1 to 2: `RunIntent.runtime` and `Revision.failed` came, and mean "not known" where they are absent.
 * 2 to 3: `AppSpec.assignment` came; who knows nothing of it must not take the document for a local app's.
 */
export const APP_MIGRATIONS: Migrations = { 1: (data) => data, 2: (data) => data };

/** How many applied specs stay for `rollback`. */
export const KEPT_REVISIONS = 5;

/** How many stay beside them of those that failed: to look at, and not in the place of one that ran. */
export const KEPT_FAILED_REVISIONS = 2;

/** How many exits of an app are kept. */
export const KEPT_EXITS = 50;

/** All that the agent knows durably of one app. One file on disk, changed only through its planner and supervisors. */
export interface AppDocument {
  readonly app: string;
  readonly desired: "running" | "stopped" | "deleted";
  /** Number of the revision that is to run. */
  readonly current: number;
  /** Newest first; always holds `current` and what any instance still refers to. */
  readonly revisions: readonly Revision[];
  /** Rises with every `restart` that the user asks for; an instance started under a lower one is restarted. */
  readonly nonce: number;
  readonly instances: readonly InstanceRecord[];
  /** Newest last, at most {@link KEPT_EXITS}. */
  readonly exits: readonly ExitRecord[];
  readonly update?: UpdateRecord | undefined;
  /** ISO 8601. */
  readonly updated_at: string;
}

/** One applied spec. */
export interface Revision {
  /** Counts the applied specs of the app, from 1. */
  readonly revision: number;
  /** Hash of the whole spec: the same spec again is no change. */
  readonly hash: string;
  /** Hash of what a unit is made from: an instance whose unit would be the same is not restarted. */
  readonly unit_hash: string;
  readonly applied_at: string;
  readonly spec: AppSpec;
  /** An update to it failed and was taken back. */
  readonly failed?: true;
}

/** Rolling update in progress, or how the last one ended. */
export interface UpdateRecord {
  readonly state: "in_progress" | "done" | "failed";
  readonly from: number;
  readonly to: number;
  /** Why it failed. With `in_progress`: why it is being taken back. */
  readonly reason?: string | undefined;
  /** The instance by which it failed; kept, stopped, for its logs. */
  readonly failed_instance?: string | undefined;
  readonly at: string;
}

/**
 * One instance: what it should be (`target`, `revision`), and the run that is under way or comes next (`intent`).
 *
 * `intent` is durable before the run is started, and `handle` right after. Three cases follow:
 * - `handle.run === intent.run`: that run was started and has not been recorded as ended;
 * - no such handle, target `running`: that run may have been started by an agent that died before it could say so;
 * - an older `handle`: that run has ended and is recorded; the handle still reaches its logs.
 */
export interface InstanceRecord {
  readonly instance_id: string;
  readonly created_at: string;
  /** `retired`: stopped and kept for its logs after a failed update, until the next change. */
  readonly target: "running" | "stopped" | "retired" | "removed";
  readonly revision: number;
  readonly intent: RunIntent;
  readonly handle?: Handle | undefined;
  /** Name of the runtime that made `handle`, and holds the logs; another one may serve the next run, see `intent`. */
  readonly runtime?: string | undefined;
  /** How the last run ended, while no newer one runs; absent when it was stopped on request. */
  readonly ended?: Ended | undefined;
  /** Text for people about the last end or failure. */
  readonly reason?: string | undefined;
  /** Restarts after the instance ended by itself. */
  readonly restarts: number;
  /** Ends and failed starts in a row, without 10 healthy minutes between them: the exponent of the delay. */
  readonly failures: number;
  /** When it died lately, ISO 8601, at most as many as matter to crash-loop detection. */
  readonly deaths: readonly string[];
  readonly next_start_at?: string | undefined;
}

/** The run that is under way or comes next. */
export interface RunIntent {
  readonly run: number;
  readonly revision: number;
  readonly nonce: number;
  /** Name of the only runtime that may have been asked to start it; absent while none was. */
  readonly runtime?: string | undefined;
  /**
   * The run is being stopped. An agent that takes over completes that, whatever has been declared since: the signal may
   * have been sent, so the end would not be the app's own.
   */
  readonly stopping?: true | undefined;
}

/** How a run ended by itself. */
export interface Ended {
  /** `failed`: it could not be started at all. */
  readonly phase: "exited" | "failed";
  /** The restart policy does not start it again; the next change of the app does. */
  readonly final: boolean;
  readonly success: boolean;
}

/** Whether it is a job that has done its work. */
export function isCompleted({ ended }: InstanceRecord): boolean {
  return ended?.final === true && ended.success;
}

/** The revision with that number. */
export function revisionOf(document: AppDocument, revision: number): Revision {
  const found = document.revisions.find((candidate) => candidate.revision === revision);
  if (!found) throw new Error(`document of ${document.app} lacks revision ${revision}`);
  return found;
}

/** Which instance of a controller the app is; `undefined` of a local one. */
export function assignmentOf(document: AppDocument): Assignment | undefined {
  return revisionOf(document, document.current).spec.assignment;
}

/** The document with one instance changed. */
export function withInstance(
  document: AppDocument,
  instanceId: string,
  change: (record: InstanceRecord) => InstanceRecord,
): AppDocument {
  return {
    ...document,
    instances: document.instances.map((record) => (record.instance_id === instanceId ? change(record) : record)),
  };
}

/** Whether the intended run, or the one that goes on, is not the one that is wanted. */
export function isStale(document: AppDocument, record: InstanceRecord): boolean {
  if (record.intent.nonce !== document.nonce) return true;
  if (record.intent.revision === record.revision) return false;
  return revisionOf(document, record.intent.revision).unit_hash !== revisionOf(document, record.revision).unit_hash;
}
