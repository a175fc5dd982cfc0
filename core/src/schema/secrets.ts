import { SECRET_FORMAT } from "@damson/plugin-sdk";
import type { Segments } from "./path.ts";

const HIDDEN = "***";

// Environment values are secrets more often than not, whatever their schema says.
const ALWAYS_HIDDEN = "environment";

/**
 * Knows which values a schema marks as secret.
 *
 * It goes by property names: a name that is secret anywhere in the schema is hidden wherever it occurs, so that a value
 * that stands in a wrong place, or matches another branch of a union, is not shown either.
 */
export class Secrets {
  readonly #names = new Set<string>([ALWAYS_HIDDEN]);
  #all = false;

  constructor(schema: unknown) {
    this.#collect(schema, undefined);
  }

  /** Whether the value at this place must not be shown. */
  hides(segments: Segments): boolean {
    return this.#all || segments.some((segment) => typeof segment === "string" && this.#names.has(segment));
  }

  /** A copy of `value` with `***` for every value that must not be shown. */
  redact(value: unknown, at: Segments = []): unknown {
    if (Array.isArray(value)) return value.map((item, index) => this.redact(item, [...at, index]));
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.redact(item, [...at, key])]));
    }
    return this.hides(at) ? HIDDEN : value;
  }

  #collect(schema: unknown, name: string | undefined): void {
    if (Array.isArray(schema)) {
      for (const branch of schema) this.#collect(branch, name);
      return;
    }
    if (typeof schema !== "object" || schema === null) return;
    if ("format" in schema && schema.format === SECRET_FORMAT) {
      if (name === undefined) this.#all = true;
      else this.#names.add(name);
    }
    for (const [keyword, part] of Object.entries(schema)) {
      if (keyword === "properties" && typeof part === "object" && part !== null) {
        for (const [property, child] of Object.entries(part)) this.#collect(child, property);
      } else if (keyword !== "default" && keyword !== "examples") {
        this.#collect(part, name);
      }
    }
  }
}
