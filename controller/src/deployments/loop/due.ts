/** When things are to be looked at next; each has one time, the earliest that was asked for. */
export class Due {
  readonly #times = new Map<string, number>();

  /** @returns whether it is earlier than what was asked for before */
  add(id: string, time: number): boolean {
    if (time >= (this.#times.get(id) ?? Number.POSITIVE_INFINITY)) return false;
    this.#times.set(id, time);
    return true;
  }

  /** Whatever was asked for before. */
  set(id: string, time: number | undefined): void {
    if (time === undefined) this.#times.delete(id);
    else this.#times.set(id, time);
  }

  /** Takes out those whose time has come, the longest waiting first. */
  take(now: number, limit = Number.POSITIVE_INFINITY): string[] {
    const due = [...this.#times].filter(([, time]) => time <= now);
    const ids = due
      .sort(([, a], [, b]) => a - b)
      .slice(0, limit)
      .map(([id]) => id);
    for (const id of ids) this.#times.delete(id);
    return ids;
  }

  /** The earliest of all times; infinite when there is none. */
  get next(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const time of this.#times.values()) next = Math.min(next, time);
    return next;
  }
}
