import fc from "fast-check";

/** A JSON Schema, as far as OpenAPI documents of Damson use it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
}

/** What hardly anything accepts. */
export const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(null, -1, 0, 1e308, "", "..", "../../x", "__proto__", "\u0000", "%2e%2e", [], {}, true),
);

/** Short lists and texts: what is large has tests of its own. */
const MOST = 4;

/** What values are made by. */
export interface Sources {
  resolve(ref: string): Schema;
  /** Better values for properties of these names than their schemas lead to. */
  readonly known: Readonly<Record<string, fc.Arbitrary<unknown>>>;
}

/** Values that a schema mostly accepts: now and then a part of one is odd. */
export function fromSchema(schema: Schema, sources: Sources): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 25, arbitrary: plain(schema, sources) }, { weight: 1, arbitrary: odd });
}

function plain(schema: Schema, sources: Sources): fc.Arbitrary<unknown> {
  const valid = (one: Schema): fc.Arbitrary<unknown> => fromSchema(one, sources);
  const { $ref, anyOf, oneOf, type } = schema;
  if ($ref !== undefined) return valid(sources.resolve($ref));
  if ("const" in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = anyOf ?? oneOf;
  if (choices) return fc.oneof(...choices.map(valid));
  if (type === "object") return objectOf(schema, sources);
  if (type === "array") {
    return fc.array(valid(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: MOST });
  }
  if (type === "string") return textOf(schema);
  if (type === "integer") return fc.integer({ min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 9, 9) });
  if (type === "number") return fc.double({ min: schema.minimum ?? 0, max: schema.maximum ?? 9, noNaN: true });
  if (type === "boolean") return fc.boolean();
  if (type === "null") return fc.constant(null);
  return fc.jsonValue({ maxDepth: 2 });
}

function textOf({ pattern, minLength = 0, maxLength = 20 }: Schema): fc.Arbitrary<string> {
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern), { size: "xsmall" });
  return fc.string({ minLength, maxLength: Math.min(maxLength, Math.max(minLength, 20)) });
}

function objectOf(schema: Schema, sources: Sources): fc.Arbitrary<unknown> {
  const valid = (one: Schema): fc.Arbitrary<unknown> => fromSchema(one, sources);
  const { properties = {}, required = [], patternProperties = {}, additionalProperties } = schema;
  const fields = fc.record(
    Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, sources.known[name] ?? valid(one)])),
    {
      requiredKeys: [...required],
    },
  );
  const [entry] = Object.entries(patternProperties);
  if (entry)
    return fc.dictionary(fc.stringMatching(new RegExp(entry[0]), { size: "xsmall" }), valid(entry[1]), { maxKeys: 2 });
  if (typeof additionalProperties === "object") {
    return fc.dictionary(fc.string({ minLength: 1, maxLength: 9 }), valid(additionalProperties), { maxKeys: 2 });
  }
  return fields;
}
