import { isDeepStrictEqual } from "node:util";
import { DurationSchema, MemorySizeSchema } from "@damson/plugin-sdk";

const DURATION: object = DurationSchema();
const SIZE: object = MemorySizeSchema();

/** The part of JSON Schema that the schemas of documents use. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}

/** A Markdown table of the fields of an object, those inside of them too, by their paths. */
export function fieldTable(schema: object): string {
  return `| Field | Type | Default | |\n|---|---|---|---|\n${fieldRows(schema, "").join("")}`;
}

function fieldRows(schema: Schema, prefix: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = prefix + name;
    const isRequired = schema.required?.includes(name) === true;
    const standard = isRequired ? "required" : field.default === undefined ? "" : code(field.default);
    const cells = [`\`${path}\``, wordsFor(field), standard, field.description ?? ""];
    const row = `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
    return [row, ...innerRows(field, path)];
  });
}

/** Rows of the objects that a field may be or hold. */
function innerRows(field: Schema, path: string): string[] {
  const items = field.items ? innerRows(field.items, `${path}[]`) : [];
  const variants = isNamed(field) ? [] : (field.anyOf ?? []).flatMap((variant) => innerRows(variant, path));
  return [...(field.properties ? fieldRows(field, `${path}.`) : []), ...items, ...variants];
}

/** The type of a value in a few words. */
export function typeText(schema: object): string {
  return wordsFor(schema);
}

function wordsFor(schema: Schema): string {
  if (is(schema, DURATION)) return "duration";
  if (is(schema, SIZE)) return "size";
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum) return schema.enum.map(code).join(" or ");
  // Texts of several formats are texts.
  if (schema.anyOf && schema.type !== "string") return schema.anyOf.map(wordsFor).join(", or ");
  if (schema.items) return `list of ${wordsFor(schema.items)}`;
  if (schema.properties) return "the fields below";
  if (schema.type === "object") return mappingText(schema);
  if (schema.type === "string") return "text";
  return `${schema.type === "integer" ? "whole number" : (schema.type ?? "anything")}${range(schema)}`;
}

function mappingText({ patternProperties = {} }: Schema): string {
  const [values] = Object.values(patternProperties);
  return values ? `mapping of names to ${wordsFor(values)}` : "mapping";
}

function range({ minimum, maximum, exclusiveMinimum }: Schema): string {
  const least =
    minimum === undefined ? exclusiveMinimum !== undefined && `more than ${exclusiveMinimum}` : `${minimum}`;
  if (maximum !== undefined) return `, ${least || "…"} to ${maximum}`;
  if (least === false) return "";
  return minimum === undefined ? `, ${least}` : `, ${least} or more`;
}

/** Whether a schema is one that has a name of its own, whatever its description and default. */
function is(schema: Schema, named: Schema): boolean {
  return schema.anyOf !== undefined && isDeepStrictEqual(schema.anyOf, named.anyOf);
}

function isNamed(schema: Schema): boolean {
  return is(schema, DURATION) || is(schema, SIZE);
}

function code(value: unknown): string {
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}
