/** Hands items from many writers to one reader. A writer waits until its item was taken, so nothing piles up. */
export class Channel<T> {
  readonly #waiting: { readonly item: T; readonly taken: () => void }[] = [];
  #wake: () => void = () => undefined;
  #closed = false;
  #failure: { readonly thrown: unknown } | undefined;

  /** Resolves when the item was taken, or will never be. */
  put(item: T): Promise<void> {
    if (this.#closed) return Promise.resolve();
    return new Promise((taken) => {
      this.#waiting.push({ item, taken });
      this.#wake();
    });
  }

  /** The reader sees it after what has been put. */
  fail(thrown: unknown): void {
    this.#failure ??= { thrown };
    this.#wake();
  }

  /** Ends the reading; writers no longer wait. */
  close(): void {
    this.#closed = true;
    for (const { taken } of this.#waiting.splice(0)) taken();
    this.#wake();
  }

  async *read(): AsyncGenerator<T> {
    try {
      while (!this.#closed) {
        const next = this.#waiting.shift();
        if (next) {
          yield next.item;
          next.taken();
        } else if (this.#failure) {
          throw this.#failure.thrown;
        } else {
          await new Promise<void>((resolve) => (this.#wake = resolve));
        }
      }
    } finally {
      this.close();
    }
  }
}
