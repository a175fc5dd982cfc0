import { setTimeout as delay } from "node:timers/promises";
import type { EventLog } from "@damson/core/http";
import { DamsonError, type Store } from "@damson/plugin-sdk";
import type { Objects } from "../objects/objects.ts";
import { Change } from "./change.ts";

const TRIES = 20;

/** What a change came to. */
export interface Changed<T> {
  readonly result: T;
  /** Of the store, with the change in it. Those who read {@link Objects} see it. */
  readonly revision: number;
  /** Whether it wrote anything. */
  readonly changed: boolean;
}

/** Makes every change of the controller's objects. */
export class Changes {
  readonly #store: Store;
  readonly #objects: Objects;
  readonly #events: EventLog;
  #commits = 0;
  #conflicts = 0;

  constructor(store: Store, objects: Objects, events: EventLog) {
    this.#store = store;
    this.#objects = objects;
    this.#events = events;
  }

  /** How many changes were committed. */
  get commits(): number {
    return this.#commits;
  }

  /** How many could not be, since others were faster. */
  get conflicts(): number {
    return this.#conflicts;
  }

  /**
   * Lets `work` read and write, and commits what it wrote, durably and whole. When something that it read has changed
   * meanwhile, it is called again, so it must do nothing else than read and write. What it throws comes through, and nothing
   * has changed.
   *
   * @throws DamsonError `CHANGE_CONFLICT` (409, retryable) when others were faster again and again, and what the store throws.
   */
  async run<T>(work: (change: Change) => T | Promise<T>): Promise<Changed<T>> {
    for (let attempt = 1; ; attempt += 1) {
      const change = new Change(this.#objects);
      const result = await work(change);
      if (change.size === 0) return { result, revision: this.#objects.revision, changed: false };
      const { commit } = change;
      const committed = await this.#store.commit(commit);
      if (committed.committed) {
        this.#commits += 1;
        await this.#objects.reached(committed.revision);
        for (const event of change.events) this.#events.publish(event);
        return { result, revision: committed.revision, changed: true };
      }
      this.#conflicts += 1;
      if (attempt === TRIES) throw conflict();
      await this.#catchUp(attempt);
    }
  }

  /** Until the objects are as new as what the commit met. */
  async #catchUp(attempt: number): Promise<void> {
    const { revision } = await this.#store.list("meta/", { limit: 1 });
    await this.#objects.reached(revision);
    if (attempt > 2) await delay(Math.random() * 2 ** Math.min(attempt, 6));
  }
}

function conflict(): DamsonError {
  return new DamsonError("CHANGE_CONFLICT", "Others changed the same objects at the same time, again and again", {
    status: 409,
    retryable: true,
    remedy: "Try again.",
  });
}
