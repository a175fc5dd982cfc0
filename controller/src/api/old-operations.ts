import { BatchLoop } from "../changes/batch-loop.ts";
import type { Change } from "../changes/change.ts";
import { OPERATION_KEPT_MS } from "../model/operation.ts";
import type { ControllerParts } from "../parts.ts";

/** A commit takes 128 conditions and operations. */
const BATCH = 100;
/** A clock may be set: no timer runs longer. */
const TIMER_MAX_MS = 3_600_000;
const TIMER_MIN_MS = 1_000;

/** Forgets the answers of changes that nobody asks for again, so that idempotency keys do not pile up for ever. */
export class OldOperations {
  readonly #parts: ControllerParts;
  readonly #loop: BatchLoop;
  /** When each is forgotten, in milliseconds since 1970; those that came first are first. */
  readonly #due: Map<string, number>;
  #timer: NodeJS.Timeout | undefined;
  #isOpen = false;

  /** Before the objects are followed. */
  constructor(parts: ControllerParts) {
    this.#parts = parts;
    const { objects, log } = parts;
    this.#loop = new BatchLoop({
      name: "Answers of earlier changes",
      size: BATCH,
      log,
      work: (keys) => parts.changes.run((change) => this.#forget(change, keys)),
    });
    const known = [...objects.operations.all()].map(({ id, value }) => [id, dueAt(value.at)] as const);
    this.#due = new Map(known.sort(([, a], [, b]) => a - b));
    objects.operations.onChange(({ id, now }) => {
      if (!now) this.#due.delete(id);
      else if (!this.#due.has(id)) this.#due.set(id, dueAt(now.value.at));
      this.#arm();
    });
  }

  /** Begins its loop, once the objects are followed. */
  async start(): Promise<void> {
    this.#isOpen = true;
    this.#loop.start();
    this.#arm();
  }

  /** Ends its loop. */
  async close(): Promise<void> {
    this.#isOpen = false;
    clearTimeout(this.#timer);
    await this.#loop.close();
  }

  #arm(): void {
    const [first] = this.#due.values();
    if (this.#timer !== undefined || first === undefined || !this.#isOpen) return;
    const ms = Math.max(TIMER_MIN_MS, Math.min(first - this.#parts.now().getTime(), TIMER_MAX_MS));
    this.#timer = setTimeout(() => this.#pass(), ms).unref();
  }

  #pass(): void {
    this.#timer = undefined;
    const now = this.#parts.now().getTime();
    for (const [key, due] of this.#due) {
      if (due > now) break;
      this.#due.delete(key);
      this.#loop.add(key);
    }
    this.#arm();
  }

  #forget(change: Change, keys: readonly string[]): void {
    const now = this.#parts.now().getTime();
    for (const key of keys) {
      const operation = change.get("operations", key)?.value;
      if (operation && dueAt(operation.at) <= now) change.delete("operations", key);
    }
  }
}

function dueAt(at: string): number {
  return Date.parse(at) + OPERATION_KEPT_MS;
}
