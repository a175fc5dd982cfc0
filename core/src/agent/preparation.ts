import type { Instance, Runtime } from "@damson/plugin-sdk";
import { progressText } from "./progress-text.ts";

/** The preparing of a run, given up as soon as the run is not wanted any more. One at a time. */
export class Preparation {
  #current: { readonly abort: AbortController; readonly isWanted: () => boolean } | undefined;

  /**
   * @returns whether the run is still wanted
   * @throws what the runtime throws, unless it was given up
   */
  async run(
    runtime: Runtime,
    request: Instance,
    report: (text: string) => void,
    isWanted: () => boolean,
  ): Promise<boolean> {
    const abort = new AbortController();
    this.#current = { abort, isWanted };
    try {
      await runtime.prepare(request, (progress) => report(progressText(progress)), abort.signal);
    } catch (thrown) {
      if (!abort.signal.aborted) throw thrown;
    } finally {
      this.#current = undefined;
    }
    return !abort.signal.aborted && isWanted();
  }

  /** Looks whether it is still wanted. */
  review(): void {
    if (this.#current?.isWanted() === false) this.giveUp();
  }

  giveUp(): void {
    this.#current?.abort.abort();
  }
}
