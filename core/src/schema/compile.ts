import { type Issue, SECRET_FORMAT } from "@damson/plugin-sdk";
import { Ajv, type Options, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import type { Static, TSchema } from "typebox";
import { allFaultsOf, type Fault } from "./faults.ts";
import { pathText, type Segments } from "./path.ts";
import { Secrets } from "./secrets.ts";

/** How a value is checked. */
export interface CheckOptions {
  /** Where the value lies in the user's document, put before every path, e.g. `["pkg"]`. @default the document itself */
  readonly under?: Segments;
  /** Places (within the value) whose content must not be shown, beside those that the schema marks as secret. */
  readonly hide?: (segments: Segments) => boolean;
}

/** A compiled schema. */
export interface Checker<T = unknown> {
  readonly secrets: Secrets;
  /** Whether `value` is right. */
  accepts(value: unknown): value is T;
  /** Every fault in `value`, in the user's words; empty when it is right. Never changes `value`. */
  check(value: unknown, options?: CheckOptions): Issue[];
  /** The same with the way to each fault as data, for those who know the source text. */
  faults(value: unknown, hide?: (segments: Segments) => boolean): Fault[];
  /** A deep copy of `value` with the schema's defaults for what is absent. Defaults inside `anyOf` and the like do not apply. */
  withDefaults(value: unknown): unknown;
}

const OPTIONS: Options = {
  allErrors: true,
  verbose: true,
  // TypeBox writes tuples and unions that Ajv's strict mode has doubts about.
  strict: false,
  // Two versions of a plugin may publish different schemas under one $id.
  addUsedSchema: false,
  logger: false,
};

const checking = withFormats(new Ajv(OPTIONS));
const filling = withFormats(new Ajv({ ...OPTIONS, useDefaults: true }));

/**
 * Compiles a JSON Schema (draft-07, which is what TypeBox writes). Nothing is coerced and nothing is dropped.
 *
 * @throws Error when `schema` is no JSON Schema.
 */
export function compileSchema<const S extends TSchema>(schema: S): Checker<Static<S>> {
  const validate = checking.compile<Static<S>>(schema);
  const secrets = new Secrets(schema);
  let fill: ValidateFunction | undefined;

  const faults: Checker["faults"] = (value, hide) => {
    if (validate(value)) return [];
    const hidden = (segments: Segments) => secrets.hides(segments) || hide?.(segments) === true;
    return allFaultsOf(validate.errors ?? [], value, hidden);
  };

  return {
    secrets,
    accepts: (value) => validate(value),
    faults,
    check: (value, { under = [], hide } = {}) =>
      faults(value, hide).map(({ segments, issue }) => ({ ...issue, path: pathText([...under, ...segments]) })),
    withDefaults(value) {
      const copy: unknown = structuredClone(value);
      fill ??= filling.compile(schema);
      fill(copy);
      return copy;
    },
  };
}

function withFormats(ajv: Ajv): Ajv {
  addFormats.default(ajv);
  return ajv.addFormat(SECRET_FORMAT, true);
}
