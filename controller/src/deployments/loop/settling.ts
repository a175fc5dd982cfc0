/** Those who wait until there is nothing left to be done for a deployment. */
export class Settling {
  readonly #waiting = new Map<string, Set<() => void>>();

  /** Resolves when the deployment is settled. */
  wait(id: string): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.set(id, this.of(id).add(resolve));
    });
  }

  /** Those who wait now. */
  of(id: string): Set<() => void> {
    return new Set(this.#waiting.get(id));
  }

  /** Tells these that it is settled; those who came later may wait for something else. */
  settled(id: string, those: ReadonlySet<() => void> = this.of(id)): void {
    const waiting = this.#waiting.get(id);
    for (const resolve of those) {
      waiting?.delete(resolve);
      resolve();
    }
    if (waiting?.size === 0) this.#waiting.delete(id);
  }

  /** Tells all. */
  end(): void {
    for (const id of [...this.#waiting.keys()]) this.settled(id);
  }
}
