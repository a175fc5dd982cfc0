/** An object of the store, with the revision of its last change. */
export interface Stored<T> {
  readonly id: string;
  /** Never change it in place. */
  readonly value: T;
  readonly revision: number;
}

/** What became of one object. */
export interface ObjectChange<T> {
  readonly id: string;
  readonly before: Stored<T> | undefined;
  readonly now: Stored<T> | undefined;
}

/** All objects of a kind, as the store had them a moment ago. */
export class Collection<T> {
  readonly #items = new Map<string, Stored<T>>();
  readonly #listeners: ((change: ObjectChange<T>) => void)[] = [];

  get size(): number {
    return this.#items.size;
  }

  get(id: string): Stored<T> | undefined {
    return this.#items.get(id);
  }

  all(): Iterable<Stored<T>> {
    return this.#items.values();
  }

  /** Calls `listener` with each change, before anybody who waits for its revision goes on. It must not throw. */
  onChange(listener: (change: ObjectChange<T>) => void): void {
    this.#listeners.push(listener);
  }

  /** For the watch that feeds it. */
  set(id: string, now: Stored<T> | undefined): void {
    const before = this.#items.get(id);
    if (now) this.#items.set(id, now);
    else if (!this.#items.delete(id)) return;
    for (const listener of this.#listeners) listener({ id, before, now });
  }
}

/** The objects of a collection by a property of theirs. */
export class Index<T> {
  readonly #groups = new Map<string, Map<string, Stored<T>>>();

  constructor(collection: Collection<T>, property: (value: T) => string) {
    collection.onChange(({ id, before, now }) => {
      const old = before && property(before.value);
      const group = now && property(now.value);
      if (old !== undefined && old !== group) this.#remove(old, id);
      if (now && group !== undefined) this.#add(group, now);
    });
  }

  /** In no certain order. */
  of(group: string): Stored<T>[] {
    return [...(this.#groups.get(group)?.values() ?? [])];
  }

  #add(group: string, item: Stored<T>): void {
    const members = this.#groups.get(group) ?? new Map<string, Stored<T>>();
    members.set(item.id, item);
    this.#groups.set(group, members);
  }

  #remove(group: string, id: string): void {
    const members = this.#groups.get(group);
    members?.delete(id);
    if (members?.size === 0) this.#groups.delete(group);
  }
}
