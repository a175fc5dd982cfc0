import type { Issue } from "@damson/plugin-sdk";
import type { ErrorObject } from "ajv";
import { didYouMean } from "./suggest.ts";
import { shownValue } from "./values.ts";

/** What an error says to the user. */
export interface Words extends Pick<Issue, "message" | "hint" | "allowed"> {
  /** The property that the error is about, when it is one of the value's own. */
  readonly key?: string;
  readonly at: "key" | "value";
}

type Wording = (error: ErrorObject, got: string) => Omit<Words, "at"> & { readonly at?: "key" };

const WORDINGS: Readonly<Record<string, Wording>> = {
  type: ({ params, parentSchema }, got) => ({
    message: `expected ${[params.type].flat().join(" or ")}, got ${got}`,
    ...example(parentSchema),
  }),
  required: ({ params, parentSchema }) => ({
    key: params.missingProperty,
    at: "key",
    message: "required, but missing",
    ...description(property(parentSchema, params.missingProperty)),
  }),
  additionalProperties: ({ params, parentSchema }) => unknownProperty(params.additionalProperty, parentSchema),
  enum: ({ params, data }, got) => oneOfValues(params.allowedValues, data, got),
  const: ({ params }, got) => ({ message: `expected ${JSON.stringify(params.allowedValue)}, got ${got}` }),
  pattern: ({ params, parentSchema }, got) => {
    const message = `expected a string that matches ${params.pattern}, got ${got}`;
    const hints = [description(parentSchema).hint, example(parentSchema).hint].filter((hint) => hint !== undefined);
    return { message, ...(hints.length > 0 && { hint: hints.join(" ") }) };
  },
  format: ({ params, parentSchema }, got) => ({
    message: `expected a valid ${params.format}, got ${got}`,
    ...example(parentSchema),
  }),
  minimum: ({ params, parentSchema }, got) => bound(`at least ${params.limit}`, got, parentSchema),
  maximum: ({ params, parentSchema }, got) => bound(`at most ${params.limit}`, got, parentSchema),
  exclusiveMinimum: ({ params, parentSchema }, got) => bound(`more than ${params.limit}`, got, parentSchema),
  exclusiveMaximum: ({ params, parentSchema }, got) => bound(`less than ${params.limit}`, got, parentSchema),
  multipleOf: ({ params, parentSchema }, got) => bound(`a multiple of ${params.multipleOf}`, got, parentSchema),
  minLength: (error) => size(error, "at least", "character", length),
  maxLength: (error) => size(error, "at most", "character", length),
  minItems: (error) => size(error, "at least", "item", items),
  maxItems: (error) => size(error, "at most", "item", items),
  additionalItems: (error) => size(error, "at most", "item", items),
  minProperties: (error) => size(error, "at least", "property", properties),
  maxProperties: (error) => size(error, "at most", "property", properties),
  uniqueItems: ({ params }) => ({ message: `items ${params.i} and ${params.j} are the same` }),
  dependentRequired: ({ params }) => dependency(params.missingProperty, params.property),
  dependencies: ({ params }) => dependency(params.missingProperty, params.property),
  "false schema": () => ({ message: "not allowed here", at: "key" }),
  not: ({ parentSchema }, got) => ({ message: `not allowed here, got ${got}`, ...description(parentSchema) }),
};

/** The words for one error of Ajv (with `verbose`); `hidden` keeps the value out of them. */
export function messageFor(error: ErrorObject, hidden: boolean): Words {
  if (error.propertyName !== undefined) return propertyName(error, error.propertyName);
  const words = WORDINGS[error.keyword]?.(error, shownValue(error.data, hidden));
  return { at: "value", ...(words ?? { message: error.message ?? "not valid" }) };
}

/** Words for a value that is none of those allowed. */
export function oneOfValues(values: readonly unknown[], data: unknown, got: string): Omit<Words, "at" | "key"> {
  const allowed = values.map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
  // A suggestion for a hidden value would tell what it is close to.
  const shown = got.includes('"');
  const hint = shown && typeof data === "string" ? didYouMean(data, allowed) : undefined;
  return { message: `expected one of the allowed values, got ${got}`, ...(hint && { hint }), allowed };
}

function unknownProperty(key: string, schema: ErrorObject["parentSchema"]): Omit<Words, "at"> & { at: "key" } {
  const allowed = Object.keys(schema?.properties ?? {});
  const hint = didYouMean(key, allowed);
  if (allowed.length === 0 && schema?.patternProperties) {
    const form = Object.keys(schema.patternProperties).join(" or ");
    return { key, at: "key", message: `the name does not match ${form}`, ...description(schema) };
  }
  return { key, at: "key", message: "unknown property", ...(hint && { hint }), ...(allowed.length > 0 && { allowed }) };
}

function propertyName(error: ErrorObject, name: string): Words {
  const words = WORDINGS[error.keyword]?.(error, `the name ${JSON.stringify(name)}`);
  return { message: error.message ?? "not a valid name", ...words, key: name, at: "key" };
}

function bound(limit: string, got: string, schema: ErrorObject["parentSchema"]): Omit<Words, "at"> {
  return { message: `expected a number, ${limit}, got ${got}`, ...description(schema) };
}

function size(
  { params, data, parentSchema }: ErrorObject,
  limit: string,
  noun: string,
  measure: (data: unknown) => number,
): Omit<Words, "at"> {
  const message = `expected ${limit} ${count(params.limit, noun)}, got ${measure(data)}`;
  return { message, ...description(parentSchema) };
}

function count(number: number, noun: string): string {
  if (number === 1) return `1 ${noun}`;
  return `${number} ${noun === "property" ? "properties" : `${noun}s`}`;
}

function length(data: unknown): number {
  return typeof data === "string" ? Array.from(data).length : 0;
}

function items(data: unknown): number {
  return Array.isArray(data) ? data.length : 0;
}

function properties(data: unknown): number {
  return typeof data === "object" && data !== null ? Object.keys(data).length : 0;
}

function dependency(key: string, other: string): Omit<Words, "at"> & { at: "key" } {
  return { key, at: "key", message: `required where "${other}" is given, but missing` };
}

function property(schema: ErrorObject["parentSchema"], key: string): ErrorObject["parentSchema"] {
  return schema?.properties?.[key];
}

function description(schema: ErrorObject["parentSchema"]): { hint?: string } {
  return typeof schema?.description === "string" ? { hint: sentence(schema.description) } : {};
}

/** A hint out of a schema's examples, e.g. `For example 500ms, 10s.` */
export function example(schema: ErrorObject["parentSchema"]): { hint?: string } {
  if (!Array.isArray(schema?.examples) || schema.examples.length === 0) return {};
  return { hint: `For example ${schema.examples.join(", ")}.` };
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
