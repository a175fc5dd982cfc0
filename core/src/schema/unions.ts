import type { AnySchemaObject, ErrorObject } from "ajv";
import type { Fault, Hides } from "./faults.ts";
import { example, oneOfValues, type Words } from "./messages.ts";
import { pathText, pointerSegments, type Segments } from "./path.ts";
import { schemaTypes, shownValue } from "./values.ts";

interface Branch {
  readonly schema: AnySchemaObject;
  readonly errors: readonly ErrorObject[];
}

/** The document that is checked, and what of it must not be shown. */
export interface Subject {
  readonly value: unknown;
  readonly hides: Hides;
}

/** Whether an error says that a value fits no branch, or too many, of a union. */
export function isUnion(error: ErrorObject): boolean {
  return error.keyword === "anyOf" || error.keyword === "oneOf";
}

/**
 * The faults of the branch that the user most likely meant: the one that a property such as `type` names, else those that
 * take a value of this type, and of them the one with the fewest faults.
 */
export function unionFaults(
  union: ErrorObject,
  errors: readonly ErrorObject[],
  convert: (errors: readonly ErrorObject[]) => Fault[],
  subject: Subject,
): Fault[] {
  const { schemaPath, data } = union;
  const segments = pointerSegments(union.instancePath, subject.value);
  const got = shownValue(data, subject.hides(segments));
  const say = (words: Omit<Words, "at" | "key">) => [fault(segments, words)];
  const branches: Branch[] = branchSchemas(union).map((schema, index) => ({
    schema,
    errors: errors.filter((error) => error.schemaPath.startsWith(`${schemaPath}/${index}/`)),
  }));

  const alternatives = branchSchemas(union).map(onlyRequires);
  if (alternatives.every((name) => name !== undefined)) return say({ message: alternativesText(alternatives, data) });
  if (union.keyword === "oneOf" && union.params.passingSchemas) {
    return say({ message: `fits more than one of the forms that are allowed here, got ${got}` });
  }
  const constants = branches.map(({ schema }) => constantsOf(schema));
  if (constants.every((values) => values !== undefined)) return say(oneOfValues(constants.flat(), data, got));

  const accepting = branches.filter(({ schema }) => acceptsType(schema, data));
  if (accepting.length === 0) {
    const types = [...new Set(branches.flatMap(({ schema }) => typesOf(schema)))];
    return say({ message: `expected ${types.join(" or ")}, got ${got}`, ...example(union.parentSchema) });
  }
  const told = byDiscriminator(accepting, data, segments, convert, subject);
  if (told && told.length > 0) return told;
  const best = accepting.reduce((one, other) => (other.errors.length < one.errors.length ? other : one));
  const hint = example(union.parentSchema);
  const faults = convert(best.errors);
  if (faults.length === 0) return say({ message: `fits none of the forms that are allowed here, got ${got}` });
  return faults.map((each) =>
    each.issue.path === pathText(segments) ? { ...each, issue: { ...hint, ...each.issue } } : each,
  );
}

function byDiscriminator(
  branches: readonly Branch[],
  data: unknown,
  segments: Segments,
  convert: (errors: readonly ErrorObject[]) => Fault[],
  { hides }: Subject,
): Fault[] | undefined {
  if (branches.length < 2 || typeof data !== "object" || data === null || Array.isArray(data)) return undefined;
  const key = discriminatorOf(branches);
  if (key === undefined) return undefined;
  const named: unknown = Object.getOwnPropertyDescriptor(data, key)?.value;
  const meant = branches.find(({ schema }) => constantsOf(schema.properties[key])?.includes(named));
  if (meant) return convert(meant.errors);

  const place = [...segments, key];
  const allowed = branches.flatMap(({ schema }) => constantsOf(schema.properties[key]) ?? []);
  const words = oneOfValues(allowed, named, shownValue(named, hides(place)));
  return [fault(place, named === undefined ? { ...words, message: "required, but missing" } : words)];
}

function discriminatorOf(branches: readonly Branch[]): string | undefined {
  return Object.keys(branches[0]?.schema.properties ?? {}).find((key) =>
    branches.every(({ schema }) => constantsOf(schema.properties?.[key]) !== undefined),
  );
}

function branchSchemas(union: ErrorObject): AnySchemaObject[] {
  return Array.isArray(union.schema) ? union.schema : [];
}

function constantsOf(schema: AnySchemaObject | undefined): readonly unknown[] | undefined {
  if (schema === undefined) return undefined;
  if ("const" in schema) return [schema.const];
  return Array.isArray(schema.enum) ? schema.enum : undefined;
}

/** The property that a branch asks for, when that is all that it says. */
function onlyRequires(schema: AnySchemaObject): string | undefined {
  const [name, ...others]: string[] = Object.keys(schema).length === 1 ? (schema.required ?? []) : [];
  return others.length === 0 ? name : undefined;
}

function alternativesText(names: readonly string[], data: unknown): string {
  const given = names.filter((name) => Object.hasOwn(Object(data), name));
  return given.length === 0
    ? `needs ${names.join(" or ")}, and has neither`
    : `takes only one of ${names.join(" and ")}, and has both`;
}

function typesOf(schema: AnySchemaObject): readonly string[] {
  if (schema.type !== undefined) return [schema.type].flat();
  const constants = constantsOf(schema);
  if (constants) return constants.map((value) => schemaTypes(value)[0] ?? "value");
  return schema.properties ? ["object"] : [];
}

function acceptsType(schema: AnySchemaObject, data: unknown): boolean {
  const types = typesOf(schema);
  return types.length === 0 || schemaTypes(data).some((type) => types.includes(type));
}

function fault(segments: Segments, words: Omit<Words, "at" | "key">): Fault {
  return { segments, at: "value", issue: { path: pathText(segments), ...words } };
}
