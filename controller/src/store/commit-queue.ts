import { setImmediate as nextTurn } from "node:timers/promises";
import { type DamsonError, storeUnavailable } from "@damson/plugin-sdk";
import type { Change } from "./change.ts";
import { Draft } from "./draft.ts";
import type { State } from "./state.ts";

const GROUP_BYTES = 4 * 1_048_576;
const QUEUE_BYTES = 64 * 1_048_576;
// What a step takes at least: its record in the journal, and its place in memory.
const STEP_BYTES = 256;

/** Makes changes durable, all or none of them. */
export type WriteChanges = (changes: readonly Change[]) => Promise<void>;

interface Step {
  readonly bytes: number;
  /** Puts it into the draft; the answer is given when the draft is durable. Does not throw. */
  plan(draft: Draft): () => void;
  refuse(error: unknown): void;
}

/**
 * One thing after another, many in one write: what comes while a write is under way shares the next. So the number of writes
 * does not grow with that of the writers, and none of them waits for more than two.
 */
export class CommitQueue {
  readonly #state: State;
  readonly #write: WriteChanges;
  readonly #steps: Step[] = [];
  #bytes = 0;
  #running: Promise<void> | undefined;
  #closed: DamsonError | undefined;

  constructor(state: State, write: WriteChanges) {
    this.#state = state;
    this.#write = write;
  }

  /**
   * Calls `plan` with a draft once all before it have been planned, and resolves with what it returned once that is durable.
   *
   * @param bytes - about how many `plan` will add
   * @throws whatever `plan` throws; DamsonError `STATE_WRITE_FAILED`, or `STORE_UNAVAILABLE` when too much waits already.
   */
  async run<T>(bytes: number, plan: (draft: Draft) => T): Promise<T> {
    if (this.#closed) throw this.#closed;
    if (this.#bytes + bytes > QUEUE_BYTES) throw storeUnavailable("too much waits to be written");
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#steps.push({
      bytes: bytes + STEP_BYTES,
      refuse: reject,
      plan(draft) {
        try {
          const answer = plan(draft);
          return () => resolve(answer);
        } catch (error) {
          return () => reject(error);
        }
      },
    });
    this.#bytes += bytes + STEP_BYTES;
    this.#running ??= this.#work();
    return promise;
  }

  /** Refuses what comes from now on, with `reason`, and resolves when all that came before is done. */
  async close(reason: DamsonError): Promise<void> {
    this.#closed = reason;
    await this.#running;
  }

  async #work(): Promise<void> {
    while (this.#steps.length > 0) {
      // Those who were just answered may have more, which then need not wait for a write of their own.
      await nextTurn();
      await this.#finish(this.#take());
    }
    this.#running = undefined;
  }

  #take(): readonly Step[] {
    let bytes = 0;
    let length = 0;
    for (const step of this.#steps) {
      bytes += step.bytes;
      if (length > 0 && bytes > GROUP_BYTES) break;
      length += 1;
    }
    return this.#steps.splice(0, length);
  }

  async #finish(group: readonly Step[]): Promise<void> {
    const draft = new Draft(this.#state);
    const answers = group.map((step) => step.plan(draft));
    try {
      if (draft.changes.length > 0) await this.#write(draft.changes);
      for (const answer of answers) answer();
    } catch (error) {
      for (const { refuse } of group) refuse(error);
    }
    this.#bytes -= group.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}
