import type { JsonObject } from "@damson/plugin-sdk";
import type { EntryRequest, RolloutRequest } from "../../api/schema/deployments.ts";
import type { Entry, Replicas, UpdatePolicy } from "../../model/deployment.ts";
import type { Objects } from "../../objects/objects.ts";
import { readArtifact } from "./artifact-entry.ts";
import { entryNames } from "./entry-names.ts";
import { Findings } from "./findings.ts";
import { PackageTypes } from "./package-types.ts";
import { checkPlacement } from "./placement.ts";
import { checkReplicas } from "./replicas.ts";
import { type SentEntry, sentEntries } from "./sent-entries.ts";
import { readSpec } from "./spec-entry.ts";
import { updatePolicy } from "./update-policy.ts";

/** What stands around a request. */
export interface Surroundings {
  readonly objects: Objects;
  /** Names of the schedulers that are loaded. */
  readonly schedulers: readonly string[];
}

/** A request in the form of the model. */
export interface ReadRequest {
  readonly entries: readonly Entry[];
  readonly update: UpdatePolicy;
  /** By entry, what the request says of it; without those of which it says nothing. */
  readonly replicas: Readonly<Record<string, Replicas>>;
  readonly warnings: readonly string[];
}

/**
 * Reads a request that is valid by schema.
 *
 * @param present how many instances there are of entries by name, where the request does not say it
 * @throws DamsonError (400) `DEPLOYMENT_INVALID`, `SPEC_INVALID`, `PACKAGE_INVALID` or `ARTIFACT_UNKNOWN`, after the first
 *   of its faults, with all of them and their places.
 */
export function readRequest(
  { objects, schedulers }: Surroundings,
  request: RolloutRequest,
  present: ReadonlyMap<string, Replicas> = new Map(),
): ReadRequest {
  const findings = new Findings();
  checkName(request.name, findings);
  const types = new PackageTypes(objects);
  const sent = sentEntries(request, findings);
  const parts = sent.map((one) => readEntry(one, objects, types, findings));
  const apps = parts.map((part) => part?.app ?? "");
  const names = entryNames(sent, apps, findings);
  const replicas = sent.map(({ at, entry }, index) => ({
    at: [...at, "replicas"],
    replicas: entry.replicas ?? present.get(names[index] ?? "") ?? 1,
  }));
  checkReplicas(replicas, objects, findings);
  for (const { at, entry } of sent) checkPlacement(entry.placement, [...at, "placement"], schedulers, findings);
  const update = updatePolicy(request, findings);
  findings.refuse();
  const entries = parts.flatMap((part, index): Entry[] => {
    const { replicas: count = 1, placement } = sent[index]?.entry ?? {};
    if (!part) return [];
    return [{ name: names[index] ?? "", ...part, replicas: count, ...(placement && { placement }) }];
  });
  const given = sent.flatMap(({ entry }, index): [string, Replicas][] =>
    entry.replicas === undefined ? [] : [[names[index] ?? "", entry.replicas]],
  );
  return { entries, update, replicas: Object.fromEntries(given), warnings: findings.warnings };
}

/** Whoever asks by it would not know which of two is meant. */
function checkName(name: string | undefined, findings: Findings): void {
  if (name === undefined || !/^[0-9a-f]{32}$/.test(name)) return;
  findings.fault(["name"], {
    message: `"${name}" looks like the id of a deployment`,
    hint: "Choose another name.",
  });
}

type Part = Omit<Entry, "name" | "replicas" | "placement">;

function readEntry(
  { at, entry }: SentEntry,
  objects: Objects,
  types: PackageTypes,
  findings: Findings,
): Part | undefined {
  const { spec, artifactUrl } = entry;
  if (spec === undefined && artifactUrl === undefined) {
    findings.fault(at, { message: "missing fields: there is neither a spec nor an artifactUrl" });
    return undefined;
  }
  if (spec === undefined) return readArtifact(entry, at, objects, findings);
  const odd = (["artifactUrl", "sha256", "startCmd"] as const).filter((field) => entry[field] !== undefined);
  for (const field of odd) findings.fault([...at, field], { message: "stands beside a spec", hint: hintOf(field) });
  // JSON, as all bodies.
  const read = readSpec(spec as JsonObject, [...at, "spec"], types, findings);
  return read && odd.length === 0 ? { app: read.app, appVersion: read.version, spec: read } : undefined;
}

function hintOf(field: keyof EntryRequest): string {
  return field === "startCmd" ? "The spec's pkg.command says what is started." : "Give one of them.";
}
