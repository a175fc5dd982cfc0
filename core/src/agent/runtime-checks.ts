import { errorText, type Logger, type Runtime, type RuntimeHealth } from "@damson/plugin-sdk";

/** How often a runtime is asked again whether it is usable; it also tidies up what it no longer needs then. */
const RECHECK_MS = 3_600_000;

/** What the loaded runtimes say of themselves. */
export class RuntimeChecks {
  readonly #health = new Map<string, RuntimeHealth>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Asks now, and from time to time. */
  begin(runtime: Runtime): void {
    void this.#check(runtime);
    this.#timers.set(runtime.name, setInterval(() => void this.#check(runtime), RECHECK_MS).unref());
  }

  end(name: string): void {
    clearInterval(this.#timers.get(name));
    this.#timers.delete(name);
    this.#health.delete(name);
  }

  endAll(): void {
    for (const name of [...this.#timers.keys()]) this.end(name);
  }

  /** What it last said; `undefined` before its first answer. */
  of(name: string): RuntimeHealth | undefined {
    return this.#health.get(name);
  }

  async #check(runtime: Runtime): Promise<void> {
    const { name } = runtime;
    const health = await runtime.check().catch((thrown: unknown) => ({ usable: false, reason: errorText(thrown) }));
    if (!this.#timers.has(name)) return;
    const before = this.#health.get(name);
    this.#health.set(name, health);
    if (health.reason !== undefined && health.reason !== before?.reason) {
      const { reason, ...facts } = health;
      // What can be used runs every app that does not ask for more, and says what is missing where it is asked for.
      this.#log[health.usable ? "info" : "warn"]({ ...facts, runtime: name }, `${name}: ${reason}`);
    }
  }
}
