import type { Issue } from "@damson/plugin-sdk";
import type { ErrorObject } from "ajv";
import { messageFor } from "./messages.ts";
import { pathText, pointerSegments, type Segments } from "./path.ts";
import { isUnion, unionFaults } from "./unions.ts";

/** One fault that a schema found, with the way to it. */
export interface Fault {
  readonly segments: Segments;
  /** Whether the name of the property is at fault, and not its value. */
  readonly at: "key" | "value";
  readonly issue: Issue;
}

/** Tells whether the value at a place must not be shown. */
export type Hides = (segments: Segments) => boolean;

// They only repeat that a nested schema failed, whose own errors say more.
const ECHOES = new Set(["if", "propertyNames", "allOf"]);

/** Turns Ajv's errors into one fault for each thing that the user has to change. */
export function faultsOf(errors: readonly ErrorObject[], value: unknown, hides: Hides): Fault[] {
  const unions = errors.filter(isUnion);
  const loose = errors.filter((error) => !ECHOES.has(error.keyword) && !isUnion(error));
  // What a union's branches report is weighed by the union, and only by the outermost one.
  const outermost = unions.filter((error) => !unions.some((other) => isInside(error, other)));
  const plain = loose.filter((error) => !unions.some((union) => isInside(error, union)));

  const faults = [
    ...plain.map((error) => faultOf(error, value, hides)),
    ...outermost.flatMap((union) =>
      unionFaults(union, errors, (inner) => faultsOf(inner, value, hides), { value, hides }),
    ),
  ];
  return withoutRepeats(faults);
}

/** The same for a value that is wrong as a whole, and so for errors of which none may be left unsaid. */
export function allFaultsOf(errors: readonly ErrorObject[], value: unknown, hides: Hides): Fault[] {
  const faults = faultsOf(errors, value, hides);
  // An echo of something that no other error explains is better than an empty list, which would mean a right value.
  return faults.length > 0 ? faults : withoutRepeats(errors.map((error) => faultOf(error, value, hides)));
}

function faultOf(error: ErrorObject, document: unknown, hides: Hides): Fault {
  const parent = pointerSegments(error.instancePath, document);
  const { key, at, ...words } = messageFor(error, hides(parent));
  const segments = key === undefined ? parent : [...parent, key];
  return { segments, at, issue: { path: pathText(segments), ...words } };
}

function isInside(error: ErrorObject, union: ErrorObject): boolean {
  return error.schemaPath.startsWith(`${union.schemaPath}/`);
}

function withoutRepeats(faults: readonly Fault[]): Fault[] {
  const seen = new Set<string>();
  return faults.filter(({ issue }) => {
    const key = `${issue.path}\n${issue.message}`;
    return !seen.has(key) && seen.add(key);
  });
}
