import { createHash } from "node:crypto";
import { DamsonError, durationMs, isAppName, isVersion, type Package } from "@damson/plugin-sdk";
import { issueText } from "../schema/index.ts";
import type { ApplyRequest, AppSpec, RestartMode, UpdateStrategy } from "./schema/apply.ts";

const LONGEST_MS = 365 * 86_400_000;

/** The settings of a spec with their defaults filled in; durations in milliseconds. */
export interface EffectiveSettings {
  readonly instances: number;
  readonly restart: { readonly policy: RestartMode; readonly delayMs: number; readonly maxDelayMs: number };
  readonly stop: { readonly signal: string; readonly graceMs: number };
  readonly update: {
    readonly strategy: UpdateStrategy;
    readonly healthyWithinMs: number;
    readonly minRunningMs: number;
  };
}

/**
 * Brings a request, already valid by schema, into the form that is kept: `package` becomes `pkg`, and what contradicts
 * itself is refused.
 *
 * @throws DamsonError `SPEC_INVALID` (400) with the place.
 */
export function toSpec(request: ApplyRequest): AppSpec {
  const { package: alias, pkg, ...rest } = request;
  if (pkg && alias) throw invalid("package", "is another name of pkg, which is given too", "Give only one of them.");
  const chosen = pkg ?? alias;
  if (!chosen)
    throw invalid(
      "pkg",
      "required, but missing",
      "Say what to run, e.g. pkg: { type: binary, command: [/usr/bin/env] }.",
    );
  if (!isAppName(request.app)) throw invalid("app", `"${request.app}" is a reserved name`, "Choose another name.");
  if (!isVersion(request.version)) {
    throw invalid("version", `"${request.version}" cannot be a version`, "Two dots in a row are not allowed.");
  }
  const spec: AppSpec = { ...rest, pkg: chosen };
  const replicas = replicasOf(spec);
  if (spec.instances !== undefined && replicas !== undefined && replicas !== spec.instances) {
    throw invalid(
      "instances",
      `is ${spec.instances}, but pkg.replicas is ${replicas}`,
      "Give one of them, or the same number.",
    );
  }
  checkAssignment(spec);
  checkDurations(spec);
  const { restart } = settingsOf(spec);
  if (restart.delayMs > restart.maxDelayMs) {
    throw invalid(
      "restart.delay",
      "is longer than restart.max_delay",
      "The first delay cannot exceed the longest one.",
    );
  }
  return spec;
}

/** An assigned app is one instance: copies are the controller's to place. */
function checkAssignment(spec: AppSpec): void {
  const { app, assignment } = spec;
  if (assignment === undefined) return;
  const { instance_id } = assignment;
  if (instance_id !== app) throw invalid("assignment.instance_id", `is not the app's name, "${app}"`, "Give one name.");
  const { instances } = settingsOf(spec);
  if (instances === 1) return;
  throw invalid("instances", `is ${instances}, but an assignment is one instance`, "Leave it to the deployment.");
}

/** What the schema asks of a duration in seconds, but cannot ask of one with a unit. */
function checkDurations(spec: AppSpec): void {
  const durations = {
    ...(typeof spec.restart === "object" && {
      "restart.delay": spec.restart.delay,
      "restart.max_delay": spec.restart.max_delay,
    }),
    ...(typeof spec.update === "object" && {
      "update.healthy_within": spec.update.healthy_within,
      "update.min_running": spec.update.min_running,
    }),
  };
  for (const [path, duration] of Object.entries(durations)) {
    if (duration !== undefined && durationMs(duration) > LONGEST_MS) {
      throw invalid(path, "is longer than 365 days", "For example 500ms, 10s, 5m.");
    }
  }
}

/** Specs never change, and every look at a status asks for their settings. */
const known = new WeakMap<AppSpec, EffectiveSettings>();

/** The settings of `spec` with defaults. */
export function settingsOf(spec: AppSpec): EffectiveSettings {
  const settings = known.get(spec) ?? readSettings(spec);
  known.set(spec, settings);
  return settings;
}

function readSettings(spec: AppSpec): EffectiveSettings {
  const restart = typeof spec.restart === "string" ? { policy: spec.restart } : (spec.restart ?? {});
  const update = typeof spec.update === "string" ? { strategy: spec.update } : (spec.update ?? {});
  return {
    instances: spec.instances ?? replicasOf(spec) ?? 1,
    restart: {
      policy: restart.policy ?? "always",
      delayMs: durationMs(restart.delay ?? "0.5s"),
      maxDelayMs: durationMs(restart.max_delay ?? "60s"),
    },
    stop: { signal: spec.stop?.signal ?? "SIGTERM", graceMs: (spec.stop?.grace_seconds ?? 10) * 1_000 },
    update: {
      // Beside its one instance there is no place for another; the controller rolls over the nodes.
      strategy: spec.assignment ? "recreate" : (update.strategy ?? "recreate"),
      healthyWithinMs: durationMs(update.healthy_within ?? "60s"),
      minRunningMs: durationMs(update.min_running ?? "2s"),
    },
  };
}

/** Hashes of a spec: of all of it, and of what its units are made from. */
export function hashesOf(spec: AppSpec): { hash: string; unit_hash: string } {
  const { replicas: _counted, ...unit } = spec.pkg as Package;
  const { url, ...content } = unit;
  // A controller that moves, or signs its URLs anew, gives the same content from another place.
  const isMoved = spec.assignment !== undefined && typeof url === "string" && typeof unit.sha256 === "string";
  return { hash: digest(spec), unit_hash: digest({ version: spec.version, pkg: isMoved ? content : unit }) };
}

/** `pkg.replicas`, as Boreas's clients send it; runtimes accept the field and leave it to the agent. */
function replicasOf(spec: AppSpec): number | undefined {
  const { replicas } = spec.pkg as Package;
  return typeof replicas === "number" ? replicas : undefined;
}

/** SHA-256 of the JSON text with sorted keys, so that the order in which a user writes fields is no change. */
function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value, sortKeys)).digest("hex");
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function invalid(path: string, message: string, hint: string): DamsonError {
  const issue = { path, message, hint };
  return new DamsonError("SPEC_INVALID", `The document is not valid: ${issueText(issue)}`, {
    status: 400,
    issues: [issue],
  });
}
