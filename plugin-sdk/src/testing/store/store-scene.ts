import { expect } from "vitest";
import type { Json } from "../../json.ts";
import type { StoreCompare, StoreOperation } from "../../store/commit.ts";
import type { Store } from "../../store/store.ts";
import { eventually, within } from "../waiting.ts";
import type { OpenedTestStore, StoreConformanceOptions, StorePlace } from "./store-harness.ts";
import { Watching } from "./watching.ts";

/** Where one case plays: a place of its own, the store that is open on it, and the means to wait. */
export class StoreScene {
  readonly options: StoreConformanceOptions;
  readonly place: StorePlace;
  #opened: OpenedTestStore;
  readonly #watchings: Watching[] = [];

  private constructor(place: StorePlace, options: StoreConformanceOptions, opened: OpenedTestStore) {
    this.place = place;
    this.options = options;
    this.#opened = opened;
  }

  static async begin(place: StorePlace, options: StoreConformanceOptions): Promise<StoreScene> {
    return new StoreScene(place, options, await place.open());
  }

  /** The store that is open now. */
  get store(): Store {
    return this.#opened.store;
  }

  /** Closes the store, and opens it again. */
  async restart(): Promise<void> {
    await this.within("closing", this.#opened.close());
    this.#opened = await this.within("opening again", this.place.open());
  }

  /** Ends the store in the middle of what it does, and opens it again. */
  async crash(): Promise<void> {
    await this.place.crash?.();
    this.#opened = await this.within("opening after a crash", this.place.open());
  }

  /** @returns the revision of the commit, which must succeed */
  async commit(operations: readonly StoreOperation[], when: readonly StoreCompare[] = []): Promise<number> {
    const outcome = await this.within("commit", this.store.commit({ when, operations }));
    if (!outcome.committed) throw new Error("the commit was refused by its conditions, which hold");
    return outcome.revision;
  }

  put(key: string, value: Json = key, lease?: string): Promise<number> {
    return this.commit([{ put: key, value, ...(lease !== undefined && { lease }) }]);
  }

  /** The keys with this prefix, in the order in which they are listed. */
  async keys(prefix = ""): Promise<string[]> {
    return (await this.store.list(prefix)).entries.map(({ key }) => key);
  }

  async revision(): Promise<number> {
    return (await this.store.list("")).revision;
  }

  watch(prefix: string, revision: number): Watching {
    const watching = new Watching(this.store, prefix, revision);
    this.#watchings.push(watching);
    return watching;
  }

  /** Waits until a watch has told just this. */
  async untilTold(watching: Watching, told: readonly string[]): Promise<void> {
    await this.eventually(async () => expect(watching.told).toEqual(told));
  }

  /** Checks that `call` is refused with `code`, and that nothing has changed. */
  async refuses(code: string, status: number, what: string, call: () => Promise<unknown>): Promise<void> {
    const before = await this.store.list("");
    const outcome = await this.within(
      what,
      call().then(
        () => "accepted",
        (error: unknown) => error,
      ),
    );
    expect(outcome, what).toMatchObject({ code, status });
    expect(await this.store.list(""), `after ${what}`).toEqual(before);
  }

  eventually<T>(check: () => Promise<T>): Promise<T> {
    return eventually(this.options.deadlineMs, check);
  }

  within<T>(what: string, work: Promise<T>): Promise<T> {
    return within(this.options.deadlineMs, what, work);
  }

  async end(): Promise<void> {
    for (const watching of this.#watchings) watching.abort();
    await this.within("closing at the end", this.#opened.close());
    await this.place.remove();
  }
}
