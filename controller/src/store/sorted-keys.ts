/**
 * Keys in the order of their code units. An array, since a splice of 100,000 pointers takes some ten microseconds, which is
 * little beside the write to disk that each new key waits for.
 */
export class SortedKeys {
  readonly #keys: string[];

  constructor(keys: Iterable<string>) {
    this.#keys = [...keys].sort();
  }

  /** The key must not be there. */
  add(key: string): void {
    this.#keys.splice(this.#firstFrom(key), 0, key);
  }

  delete(key: string): void {
    const index = this.#firstFrom(key);
    if (this.#keys[index] === key) this.#keys.splice(index, 1);
  }

  /** Those that begin with `prefix` and come after `after`. */
  range(prefix: string, after = "", limit = Number.POSITIVE_INFINITY): string[] {
    let start = this.#firstFrom(after > prefix ? after : prefix);
    if (this.#keys[start] === after) start += 1;
    let end = start;
    while (end - start < limit && this.#keys[end]?.startsWith(prefix)) end += 1;
    return this.#keys.slice(start, end);
  }

  #firstFrom(key: string): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] ?? "") < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
