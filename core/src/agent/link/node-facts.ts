import { createHash } from "node:crypto";
import { availableParallelism, totalmem } from "node:os";
import type { Runtime } from "@damson/plugin-sdk";
import type { Agent } from "../agent.ts";
import { assignmentOf } from "../document.ts";
import type { RuntimeFacts } from "./protocol.ts";

/** A controller takes bodies of 1 MiB, and asks again for what did not fit. */
const MAX_CHARACTERS = 500_000;

/** What the machine has, where nobody said otherwise. */
export function machineCapacity(): { readonly cpu: number; readonly memory: number } {
  return { cpu: availableParallelism(), memory: totalmem() };
}

/** The runtimes of the agent, as they are now. */
export function runtimeFacts({ runtimes, checks }: Agent): RuntimeFacts[] {
  return runtimes.all().map((runtime) => {
    const health = checks.of(runtime.name);
    return {
      name: runtime.name,
      ...(health?.version === undefined ? {} : { version: health.version.slice(0, 256) }),
      usable: health?.usable ?? false,
      ...(health?.reason === undefined ? {} : { reason: health.reason.slice(0, 4_096) }),
      packageTypes: Object.fromEntries(hashedSchemas(runtime).map(({ type, sha256 }) => [type, sha256])),
    };
  });
}

/** The schemas of these hashes, as far as the agent has them, and one heartbeat takes them. */
export function wantedSchemas({ runtimes }: Agent, wanted: readonly string[]): Record<string, unknown> | undefined {
  const found: Record<string, unknown> = {};
  let characters = 0;
  for (const { sha256, text } of runtimes.all().flatMap(hashedSchemas)) {
    if (!wanted.includes(sha256) || sha256 in found) continue;
    characters += text.length;
    if (characters > MAX_CHARACTERS) break;
    found[sha256] = JSON.parse(text);
  }
  return Object.keys(found).length === 0 ? undefined : found;
}

/**
 * Names of all assigned apps that may have anything here: also of those whose document is damaged, since nobody knows what
 * runs of them.
 */
export function remainingInstances(agent: Agent): string[] {
  const assigned = agent.apps().filter((app) => assignmentOf(app.document.value) !== undefined);
  return [...new Set([...assigned, ...agent.damaged].map(({ name }) => name))];
}

interface HashedSchema {
  readonly type: string;
  readonly text: string;
  readonly sha256: string;
}

const hashed = new WeakMap<Runtime, readonly HashedSchema[]>();

function hashedSchemas(runtime: Runtime): readonly HashedSchema[] {
  const known = hashed.get(runtime);
  if (known) return known;
  const schemas = Object.entries(runtime.packageSchemas).map(([type, schema]) => {
    const text = JSON.stringify(schema);
    return { type, text, sha256: createHash("sha256").update(text).digest("hex") };
  });
  hashed.set(runtime, schemas);
  return schemas;
}
