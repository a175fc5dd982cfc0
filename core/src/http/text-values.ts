/** Turns the texts of a query string, a path or headers into what `schema` asks for. */
export type ReadTexts = (texts: Readonly<Record<string, unknown>>) => Record<string, unknown>;

interface Schema {
  readonly type?: string;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
}

/**
 * Reads numbers and booleans from their texts, makes a list of a lone value where a list is asked for, and fills in
 * defaults. A text that cannot be read is left as it is, so that the check names it. Ajv's own coercion is not used: it
 * would also turn `null`, `""` and lists into numbers.
 */
export function textReader(schema: object): ReadTexts {
  const { properties = {} }: Schema = schema;
  const entries = Object.entries(properties);
  return (texts) => {
    const values: Record<string, unknown> = { ...texts };
    for (const [name, property] of entries) {
      const text = texts[name];
      if (text !== undefined) values[name] = read(text, property);
      else if (property.default !== undefined) values[name] = property.default;
    }
    return values;
  };
}

function read(text: unknown, schema: Schema): unknown {
  if (schema.type === "array") {
    const list = Array.isArray(text) ? text : [text];
    return list.map((item) => read(item, schema.items ?? {}));
  }
  if (typeof text !== "string") return text;
  if (schema.type === "number" || schema.type === "integer") return readNumber(text);
  if (schema.type === "boolean") return readBoolean(text);
  // In a union, a text that is wanted stays a text.
  const others = schema.anyOf?.filter((one) => one.type !== undefined) ?? [];
  if (others.some((one) => one.type === "string")) return text;
  return others.map((one) => read(text, one)).find((value) => value !== text) ?? text;
}

function readNumber(text: string): unknown {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** `?follow` alone means yes. */
function readBoolean(text: string): unknown {
  if (text === "true" || text === "1" || text === "") return true;
  return text === "false" || text === "0" ? false : text;
}
