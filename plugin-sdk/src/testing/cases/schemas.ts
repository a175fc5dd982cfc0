import type { TSchema } from "typebox";
import { Value } from "typebox/value";

/** Whether `value` is valid by `schema`. */
export function accepts(schema: TSchema, value: unknown): boolean {
  return Value.Check(schema, value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Keywords under which a schema says what happens to fields that it does not name. */
const STRICT = ["additionalProperties", "unevaluatedProperties"];

/**
 * JSON pointers of the objects in `schema` that name their fields, and let others pass unchecked. The parts of an `allOf`
 * are not judged: the whole is, by a value.
 */
export function looseObjects(schema: unknown, at = "#"): string[] {
  if (!isRecord(schema)) return [];
  const loose = isRecord(schema.properties) && !STRICT.some((keyword) => keyword in schema) ? [at] : [];
  const below = Object.entries(schema).filter(([keyword]) => keyword !== "allOf");
  return [...loose, ...below.flatMap(([keyword, part]) => looseObjects(part, `${at}/${keyword}`))];
}
