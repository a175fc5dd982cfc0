import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A temporary directory, and what has to be undone at the end. */
export class Scratch {
  readonly directory: string;
  readonly #undo: (() => Promise<unknown>)[] = [];

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** The same within this one, for a part of the work: cleaned up after it, and in any case before this one. */
  async within<T>(work: (scratch: Scratch) => Promise<T>): Promise<T> {
    const part = new Scratch(await mkdtemp(this.path("part-")));
    this.onClean(() => part.#clean());
    try {
      return await work(part);
    } finally {
      await part.#clean();
    }
  }

  /** Makes a directory, does `work` in it, and cleans up, also after a failure or Ctrl-C. One a process. */
  static async use<T>(work: (scratch: Scratch) => Promise<T>): Promise<T> {
    const scratch = new Scratch(await mkdtemp(join(tmpdir(), "damson-bench-")));
    const interrupted = Promise.withResolvers<never>();
    const interrupt = (): void => interrupted.reject(new Error("interrupted"));
    process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
    try {
      return await Promise.race([work(scratch), interrupted.promise]);
    } finally {
      process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
      await scratch.#clean();
    }
  }

  /** Has `undo` done at the end, before what was given earlier. */
  onClean(undo: () => Promise<unknown>): void {
    this.#undo.push(undo);
  }

  /** A path in the directory. */
  path(...names: string[]): string {
    return join(this.directory, ...names);
  }

  async #clean(): Promise<void> {
    for (const undo of this.#undo.splice(0).reverse()) {
      await undo().catch((error: unknown) => console.error("while cleaning up:", error));
    }
    await rm(this.directory, { recursive: true, force: true });
  }
}
