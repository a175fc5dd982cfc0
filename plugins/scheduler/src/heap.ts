/** A binary heap: the best item is found at once, and put right in O(log n) when it has changed. */
export class Heap<T> {
  readonly #items: T[];
  readonly #before: (a: T, b: T) => boolean;

  /** @param before whether `a` is better than `b`; a total order makes what comes out independent of the order of `items` */
  constructor(items: readonly T[], before: (a: T, b: T) => boolean) {
    this.#items = [...items];
    this.#before = before;
    for (let index = (items.length >> 1) - 1; index >= 0; index -= 1) this.#sink(index);
  }

  get best(): T | undefined {
    return this.#items[0];
  }

  /** Call it when the best item has become worse. */
  bestChanged(): void {
    this.#sink(0);
  }

  dropBest(): void {
    const last = this.#items.pop();
    if (last === undefined || this.#items.length === 0) return;
    this.#items[0] = last;
    this.#sink(0);
  }

  #sink(from: number): void {
    const items = this.#items;
    const moved = items[from];
    if (moved === undefined) return;
    let index = from;
    for (;;) {
      let at = 2 * index + 1;
      let child = items[at];
      if (child === undefined) break;
      const other = items[at + 1];
      if (other !== undefined && this.#before(other, child)) {
        child = other;
        at += 1;
      }
      if (!this.#before(child, moved)) break;
      items[index] = child;
      index = at;
    }
    items[index] = moved;
  }
}
