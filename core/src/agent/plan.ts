import { randomBytes } from "node:crypto";
import {
  type AppDocument,
  assignmentOf,
  type InstanceRecord,
  KEPT_FAILED_REVISIONS,
  KEPT_REVISIONS,
  type Revision,
  revisionOf,
} from "./document.ts";
import { settingsOf } from "./spec.ts";

/** What the planner must know of an instance beside its record. */
export interface InstanceView {
  readonly healthy: boolean;
  /** Why it will hardly become healthy, once it died, failed to start, or was judged unhealthy. */
  readonly trouble?: string | undefined;
  /** What its run is found unhealthy for, while it is. */
  readonly complaint?: string | undefined;
  /** Since when this agent has watched its run: before that, nobody could have found it healthy. */
  readonly watchedSince?: Date | undefined;
}

/** What the planner stands on besides the document. */
export interface PlanContext {
  readonly now: Date;
  view(instanceId: string): InstanceView;
  /** Name of the runtime with which a new instance of this package type would be started now. @default none */
  runtimeFor?(packageType: string): string | undefined;
  /** @default 8 random hexadecimal digits behind the app's name */
  newInstanceId?(app: string): string;
}

/**
 * The next step from what is to what is declared: which instances there should be, of which revision, with which target.
 *
 * A pure function: the supervisors bring each instance to its target, and every change of theirs leads here again until
 * nothing is left to change (then the same object is returned).
 */
export function plan(document: AppDocument, context: PlanContext): AppDocument {
  const planned = pruneRevisions(planInstances(document, context));
  return sameJson(document, planned) ? document : { ...planned, updated_at: context.now.toISOString() };
}

/** More steps than any plan takes; a planner that does not come to rest must not spin. */
const MAX_STEPS = 10_000;

/** All steps that can be taken at once. */
export function planAll(document: AppDocument, context: PlanContext): AppDocument {
  let planned = document;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const next = plan(planned, context);
    if (next === planned) break;
    planned = next;
  }
  return planned;
}

/** When a rolling update runs out of time, so that the planner must be asked again; `undefined` while none does. */
export function planDeadline(document: AppDocument, view: PlanContext["view"]): Date | undefined {
  if (document.update?.state !== "in_progress" || document.desired !== "running") return undefined;
  const fresh = live(document).filter((record) => isFresh(document, record));
  const within = settingsOf(revisionOf(document, document.current).spec).update.healthyWithinMs;
  const times = fresh.flatMap((record) => view(record.instance_id).watchedSince?.getTime() ?? []);
  return times.length === 0 ? undefined : new Date(Math.min(...times) + within);
}

function planInstances(document: AppDocument, context: PlanContext): AppDocument {
  if (document.desired === "deleted") {
    return { ...document, update: undefined, instances: document.instances.map((record) => aim(record, "removed")) };
  }
  const wanted = document.desired;
  const spec = revisionOf(document, document.current).spec;
  const rolling = document.update?.state === "in_progress" && wanted === "running";
  if (rolling) return planRolling(document, context);
  const update = document.update?.state === "in_progress" ? undefined : document.update;
  return resize({ ...document, update }, settingsOf(spec).instances, wanted, context);
}

/** Every instance in place to the present revision, and as many of them as are declared. */
function resize(
  document: AppDocument,
  count: number,
  wanted: "running" | "stopped",
  context: PlanContext,
): AppDocument {
  const kept = new Set(
    live(document)
      .slice(0, count)
      .map((record) => record.instance_id),
  );
  const instances = document.instances.map((record) => {
    if (kept.has(record.instance_id)) return aim(moveTo(record, document.current), wanted);
    return record.target === "retired" ? record : aim(record, "removed");
  });
  const missing = isIdTaken(document) ? 0 : Math.max(0, count - kept.size);
  const created = Array.from({ length: missing }, () => aim(newInstance(document, context), wanted));
  return { ...document, instances: [...instances, ...created] };
}

/** The instance of an assignment comes again only when all that was left of it is gone: its id is always the same. */
function isIdTaken(document: AppDocument): boolean {
  const id = assignmentOf(document)?.instance_id;
  return document.instances.some((record) => record.instance_id === id);
}

/** One instance at a time: start a new one, wait until it is healthy, remove an old one. */
function planRolling(document: AppDocument, context: PlanContext): AppDocument {
  const update = document.update;
  if (!update) return document;
  const current = revisionOf(document, document.current);
  const settings = settingsOf(current.spec);
  const adopted = adoptEqualUnits(document, current);
  const fresh = live(adopted).filter((record) => isFresh(adopted, record));
  const old = live(adopted).filter((record) => !isFresh(adopted, record));

  const reverting = update.reason !== undefined;
  if (!reverting) {
    for (const record of fresh) {
      const reason = failure(record, context, settings.update.healthyWithinMs);
      if (reason) return revert(adopted, update.from, record, reason, context);
    }
  }
  if (old.length === 0) {
    const resized = resize(adopted, settings.instances, "running", context);
    const allHealthy =
      fresh.length >= settings.instances && fresh.every((record) => context.view(record.instance_id).healthy);
    if (!allHealthy) return resized;
    return { ...resized, update: { ...update, state: reverting ? "failed" : "done", at: context.now.toISOString() } };
  }
  if (fresh.some((record) => !context.view(record.instance_id).healthy)) return adopted;
  const surplus = fresh.length + old.length > settings.instances;
  if (surplus) {
    // What serves nobody goes first: an instance of a version that was replaced before it was healthy.
    const next = (old.find((record) => !context.view(record.instance_id).healthy) ?? old[0])?.instance_id;
    return {
      ...adopted,
      instances: adopted.instances.map((record) => (record.instance_id === next ? aim(record, "removed") : record)),
    };
  }
  return { ...adopted, instances: [...adopted.instances, newInstance(adopted, context)] };
}

/** Takes a failed update back: the failed instance is kept for its logs, those that had been replaced are rolled back too. */
function revert(
  document: AppDocument,
  from: number,
  failed: InstanceRecord,
  reason: string,
  context: PlanContext,
): AppDocument {
  const back: AppDocument = {
    ...document,
    current: from,
    revisions: document.revisions.map((candidate) =>
      candidate.revision === document.current ? { ...candidate, failed: true } : candidate,
    ),
    update: {
      state: "in_progress",
      from: document.current,
      to: from,
      reason: `${failed.instance_id}: ${reason}`,
      failed_instance: failed.instance_id,
      at: context.now.toISOString(),
    },
    instances: document.instances.map((record) =>
      record.instance_id === failed.instance_id ? aim(record, "retired") : record,
    ),
  };
  return planRolling(back, context);
}

function failure(record: InstanceRecord, context: PlanContext, healthyWithinMs: number): string | undefined {
  const view = context.view(record.instance_id);
  if (view.healthy) return undefined;
  if (view.trouble) return view.trouble;
  // What comes before the start (fetching, pulling) has deadlines of its own.
  const overdue = view.watchedSince && context.now.getTime() >= view.watchedSince.getTime() + healthyWithinMs;
  if (!overdue) return undefined;
  return `not healthy within ${healthyWithinMs / 1_000} s${view.complaint ? `: ${view.complaint}` : ""}`;
}

/** Instances whose unit would be the same under the present revision become of that revision without a restart. */
function adoptEqualUnits(document: AppDocument, current: Revision): AppDocument {
  const instances = document.instances.map((record) => {
    if (record.target !== "running" || record.revision === current.revision) return record;
    return revisionOf(document, record.revision).unit_hash === current.unit_hash
      ? { ...record, revision: current.revision }
      : record;
  });
  return { ...document, instances };
}

function live(document: AppDocument): InstanceRecord[] {
  return document.instances.filter((record) => record.target === "running" || record.target === "stopped");
}

function isFresh(document: AppDocument, record: InstanceRecord): boolean {
  return record.revision === document.current;
}

function aim(record: InstanceRecord, target: InstanceRecord["target"]): InstanceRecord {
  return record.target === target || record.target === "removed" ? record : { ...record, target };
}

/**
 * A new revision is a new chance: what ended for good or waits for its back-off is tried at once, and deaths of the old one
 * make no crash loop of it.
 */
function moveTo(record: InstanceRecord, revision: number): InstanceRecord {
  if (record.revision === revision) return record;
  return { ...record, revision, ended: undefined, next_start_at: undefined, failures: 0, deaths: [] };
}

function newInstance(document: AppDocument, context: PlanContext): InstanceRecord {
  const id =
    assignmentOf(document)?.instance_id ??
    context.newInstanceId?.(document.app) ??
    `${document.app}-${randomBytes(4).toString("hex")}`;
  return {
    instance_id: id,
    created_at: context.now.toISOString(),
    target: "running",
    revision: document.current,
    intent: {
      run: 1,
      revision: document.current,
      nonce: document.nonce,
      runtime: context.runtimeFor?.(revisionOf(document, document.current).spec.pkg.type),
    },
    restarts: 0,
    failures: 0,
    deaths: [],
  };
}

/** Keeps the newest revisions and those that are still referred to. */
function pruneRevisions(document: AppDocument): AppDocument {
  if (document.revisions.length <= KEPT_REVISIONS) return document;
  const newest = (failed: boolean, count: number): Revision[] =>
    document.revisions.filter((candidate) => (candidate.failed === true) === failed).slice(0, count);
  const kept = new Set([...newest(false, KEPT_REVISIONS), ...newest(true, KEPT_FAILED_REVISIONS)]);
  const referred = new Set([
    document.current,
    ...document.instances.flatMap((record) => [record.revision, record.intent.revision]),
    ...(document.update?.state === "in_progress" ? [document.update.from, document.update.to] : []),
  ]);
  const revisions = document.revisions.filter((candidate) => kept.has(candidate) || referred.has(candidate.revision));
  return { ...document, revisions };
}

function sameJson(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
