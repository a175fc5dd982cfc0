import { createHash } from "node:crypto";
import { DamsonError } from "@damson/plugin-sdk";
import type { AgentFacts } from "../api/schema/nodes.ts";
import type { NodeRecord } from "../model/node.ts";
import type { ControllerParts } from "../parts.ts";

/** Most characters of one schema, as JSON. */
const MAX_LENGTH = 262_144;

/** Hashes of schemas that the runtimes of a node serve, and that the controller does not have. */
export function schemasWanted({ objects }: ControllerParts, node: NodeRecord | undefined): string[] {
  const hashes = new Set(node?.runtimes.flatMap(({ packageTypes }) => Object.values(packageTypes)));
  return [...hashes].filter((hash) => !objects.schemas.get(hash));
}

/**
 * Refuses schemas that are not what their hash says: that of `JSON.stringify(schema)`.
 *
 * @throws DamsonError `SCHEMA_REFUSED` (400)
 */
export function checkSchemas(schemas: NonNullable<AgentFacts["schemas"]>): void {
  for (const [hash, schema] of Object.entries(schemas)) {
    const path = `agent.schemas.${hash}`;
    const text = JSON.stringify(schema);
    const isSchema = typeof schema === "object" && schema !== null && !Array.isArray(schema);
    if (!isSchema) throw refused(path, "expected a JSON Schema, as an object");
    if (text.length > MAX_LENGTH) throw refused(path, `expected at most ${MAX_LENGTH} characters, got ${text.length}`);
    const found = createHash("sha256").update(text).digest("hex");
    if (found !== hash) throw refused(path, `expected the schema of this SHA-256, got that of ${found}`);
  }
}

/** Keeps those schemas that were asked for. */
export async function keepSchemas(
  parts: ControllerParts,
  nodeId: string,
  schemas: NonNullable<AgentFacts["schemas"]>,
): Promise<void> {
  for (const hash of schemasWanted(parts, parts.objects.nodes.get(nodeId)?.value)) {
    const schema = Object(schemas)[hash];
    if (schema === undefined) continue;
    await parts.changes.run((change) => {
      if (!change.get("schemas", hash)) change.put("schemas", hash, schema);
    });
  }
}

/** Removes schemas that no node's runtimes name any more. */
export async function dropUnusedSchemas({ objects, changes }: ControllerParts): Promise<void> {
  const used = new Set<string>();
  for (const { value } of objects.nodes.all()) {
    for (const { packageTypes } of value.runtimes) for (const hash of Object.values(packageTypes)) used.add(hash);
  }
  for (const { id } of [...objects.schemas.all()]) {
    if (!used.has(id)) await changes.run((change) => change.delete("schemas", id));
  }
}

function refused(path: string, message: string): DamsonError {
  return new DamsonError("SCHEMA_REFUSED", `A schema of packages is refused: ${path}: ${message}`, {
    status: 400,
    issues: [{ path, message }],
  });
}
