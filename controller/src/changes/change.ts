import type { NewEvent } from "@damson/core/http";
import type { Json, StoreCommit, StoreOperation } from "@damson/plugin-sdk";
import { type Kind, keyOf } from "../model/keys.ts";
import type { Kinds } from "../model/kinds.ts";
import type { Stored } from "../objects/collection.ts";
import type { Objects } from "../objects/objects.ts";

/** One change in the making: what it has read must still be so when it is committed. */
export class Change {
  readonly #objects: Objects;
  readonly #compares = new Map<string, number>();
  readonly #operations = new Map<string, StoreOperation>();
  /** Published once the change is durable. */
  readonly events: NewEvent[] = [];

  constructor(objects: Objects) {
    this.#objects = objects;
  }

  /** An object, which must not change until the commit. */
  get<K extends Kind>(kind: K, id: string): Stored<Kinds[K]> | undefined {
    const found = this.#objects.of(kind).get(id);
    this.#compares.set(keyOf(kind, id), found?.revision ?? 0);
    return found;
  }

  /** Writes an object, if it is still as `get` found it; call that first. */
  put<K extends Kind>(kind: K, id: string, value: Kinds[K], lease?: string): void {
    const key = keyOf(kind, id);
    if (!this.#compares.has(key)) this.get(kind, id);
    // Every kind is plain data.
    this.#operations.set(key, { put: key, value: value as unknown as Json, ...(lease !== undefined && { lease }) });
  }

  /** Removes an object, if it is still as `get` found it. */
  delete(kind: Kind, id: string): void {
    const key = keyOf(kind, id);
    if (!this.#compares.has(key)) this.get(kind, id);
    this.#operations.set(key, { delete: key });
  }

  publish(event: NewEvent): void {
    this.events.push(event);
  }

  /** Whether it writes this object. */
  puts(kind: Kind, id: string): boolean {
    const operation = this.#operations.get(keyOf(kind, id));
    return operation !== undefined && "put" in operation;
  }

  /** How many objects it writes or removes. */
  get size(): number {
    return this.#operations.size;
  }

  get commit(): StoreCommit {
    return {
      when: [...this.#compares].map(([key, modRevision]) => ({ key, modRevision })),
      operations: [...this.#operations.values()],
    };
  }
}
