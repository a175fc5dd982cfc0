import { type Checker, compileSchema } from "@damson/core/schema";
import type { Objects } from "../../objects/objects.ts";

/** The types of packages that nodes serve, with the schemas that their agents have told of. */
export class PackageTypes {
  readonly #hashes = new Map<string, Set<string>>();
  readonly #objects: Objects;

  constructor(objects: Objects) {
    this.#objects = objects;
    for (const { value } of objects.nodes.all()) {
      for (const { packageTypes } of value.runtimes) {
        for (const [type, hash] of Object.entries(packageTypes)) {
          const hashes = this.#hashes.get(type) ?? new Set();
          this.#hashes.set(type, hashes.add(hash));
        }
      }
    }
  }

  /** In the order of the alphabet. */
  get served(): string[] {
    return [...this.#hashes.keys()].sort();
  }

  /** Nodes may run different versions of a runtime: a package is right when one of these takes it. */
  checkersOf(type: string): Checker[] {
    const schemas = [...(this.#hashes.get(type) ?? [])].map((hash) => this.#objects.schemas.get(hash)?.value);
    return schemas.flatMap((schema) => (schema === undefined ? [] : (compiled(schema) ?? [])));
  }
}

/** By the schema; `undefined` for one that an agent told of and that is none. */
const known = new WeakMap<object, Checker | undefined>();

function compiled(schema: object): Checker | undefined {
  if (known.has(schema)) return known.get(schema);
  const checker = compileIfSound(schema);
  known.set(schema, checker);
  return checker;
}

function compileIfSound(schema: object): Checker | undefined {
  try {
    return compileSchema(schema);
  } catch {
    return undefined;
  }
}
