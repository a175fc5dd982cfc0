import { DamsonError } from "@damson/plugin-sdk";
import { type AppDocument, assignmentOf, type Revision, revisionOf } from "./document.ts";
import type { AppSpec } from "./schema/apply.ts";
import { hashesOf, settingsOf } from "./spec.ts";

/** What an applied spec is to be: an assignment may be applied and not run. */
export type Wanted = "running" | "stopped";

/** The document of an app that is applied for the first time. */
export function newDocument(spec: AppSpec, now: Date, desired: Wanted = "running"): AppDocument {
  const revision: Revision = { revision: 1, ...hashesOf(spec), applied_at: now.toISOString(), spec };
  return {
    app: spec.app,
    desired,
    current: 1,
    revisions: [revision],
    nonce: 0,
    instances: [],
    exits: [],
    updated_at: now.toISOString(),
  };
}

/**
 * The document after `spec` was applied: it is what should run. The same spec again changes nothing, except that it
 * starts an app that was stopped.
 *
 * @throws DamsonError `APP_IS_LOCAL` (409): no controller takes over what was applied here
 */
export function applySpec(document: AppDocument, spec: AppSpec, now: Date, desired: Wanted = "running"): AppDocument {
  if (spec.assignment && !assignmentOf(document) && document.desired !== "deleted") throw isLocal(spec.app);
  const current = revisionOf(document, document.current);
  const hashes = hashesOf(spec);
  const same = hashes.hash === current.hash;
  if (same) return document.desired === desired ? document : { ...document, desired };
  const number = Math.max(...document.revisions.map((candidate) => candidate.revision)) + 1;
  const revision: Revision = { revision: number, ...hashes, applied_at: now.toISOString(), spec };
  const rolling =
    settingsOf(spec).update.strategy === "rolling" && document.desired === "running" && desired === "running";
  const running = document.instances.some((record) => record.target === "running");
  return {
    ...withoutRetired(document),
    desired,
    current: number,
    revisions: [revision, ...document.revisions],
    update:
      rolling && running
        ? { state: "in_progress", from: provenRevision(document), to: number, at: now.toISOString() }
        : undefined,
  };
}

/** What a failed update goes back to: never a version that was itself still on trial. */
function provenRevision({ current, update }: AppDocument): number {
  return update?.state === "in_progress" && update.reason === undefined ? update.from : current;
}

/** The document after `start`: what ended for good is tried again. */
export function started(document: AppDocument): AppDocument {
  return { ...document, desired: "running", instances: document.instances.map(cleared) };
}

/** The document after `stop`. */
export function stopped(document: AppDocument): AppDocument {
  return { ...document, desired: "stopped" };
}

/** The document after `restart`: every instance is to end its present run and begin a new one. */
export function restarted(document: AppDocument): AppDocument {
  return { ...started(document), nonce: document.nonce + 1 };
}

/** The document after `delete`. */
export function deleted(document: AppDocument): AppDocument {
  return { ...document, desired: "deleted" };
}

/**
 * The spec that a rollback applies: that of the given revision, or of the newest one before the present one that has not
 * failed.
 *
 * @throws DamsonError `NO_SUCH_VERSION` (409)
 */
export function rollbackSpec(document: AppDocument, revision?: number): AppSpec {
  const target =
    revision === undefined
      ? document.revisions.find(({ revision, failed }) => revision < document.current && !failed)
      : document.revisions.find((candidate) => candidate.revision === revision);
  if (target) return target.spec;
  const kept = document.revisions.map((candidate) => String(candidate.revision));
  throw new DamsonError(
    "NO_SUCH_VERSION",
    revision === undefined ? `${document.app} has no earlier version` : `${document.app} has no revision ${revision}`,
    { status: 409, remedy: `Kept revisions: ${kept.join(", ")}.` },
  );
}

function isLocal(app: string): DamsonError {
  return new DamsonError("APP_IS_LOCAL", `"${app}" was applied on this agent, and is no controller's`, {
    status: 409,
    remedy: "Delete the local app, or give the deployment another name.",
  });
}

function cleared(record: AppDocument["instances"][number]): AppDocument["instances"][number] {
  if (record.ended === undefined && record.next_start_at === undefined) return record;
  return { ...record, ended: undefined, next_start_at: undefined, failures: 0 };
}

function withoutRetired(document: AppDocument): AppDocument {
  return {
    ...document,
    instances: document.instances.map((record) =>
      record.target === "retired" ? { ...record, target: "removed" as const } : record,
    ),
  };
}
