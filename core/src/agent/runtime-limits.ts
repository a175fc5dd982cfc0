import type { Runtime } from "@damson/plugin-sdk";
import pLimit, { type LimitFunction } from "p-limit";

/** Calls under way at once, per runtime: enough to keep the machine busy, few enough that each is quick. */
const PARALLEL = {
  prepare: 16,
  start: 16,
  /** They only look. */
  recover: 64,
} as const;

/** Bounds how many calls are under way at once. Each runtime has bounds of its own, so that one that hangs delays no other. */
export class RuntimeLimits {
  readonly #limits = new WeakMap<Runtime, Record<keyof typeof PARALLEL, LimitFunction>>();

  prepare<T>(runtime: Runtime, call: () => Promise<T>): Promise<T> {
    return this.#of(runtime).prepare(call);
  }

  start<T>(runtime: Runtime, call: () => Promise<T>): Promise<T> {
    return this.#of(runtime).start(call);
  }

  recover<T>(runtime: Runtime, call: () => Promise<T>): Promise<T> {
    return this.#of(runtime).recover(call);
  }

  #of(runtime: Runtime): Record<keyof typeof PARALLEL, LimitFunction> {
    let limits = this.#limits.get(runtime);
    if (!limits) {
      limits = { prepare: pLimit(PARALLEL.prepare), start: pLimit(PARALLEL.start), recover: pLimit(PARALLEL.recover) };
      this.#limits.set(runtime, limits);
    }
    return limits;
  }
}
