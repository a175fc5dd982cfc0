import { type FSWatcher, mkdirSync, watch } from "node:fs";

const SWEEP_MS = 2_000;

/** Told that a run's record changed (`change`), or that it is time to look whether its processes live (`sweep`). */
export type BoardListener = (reason: "change" | "sweep") => void;

/**
 * Tells of changes in the directory of records: one inotify watch and one timer for all runs, so that a thousand quiet
 * runs cost next to nothing. The sweep is the backstop for what inotify lost, and finds shims that were killed.
 */
export class StatusBoard {
  readonly #directory: string;
  readonly #listeners = new Map<string, Set<BoardListener>>();
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Calls `listener` about the record of this file name, until the returned function is called. */
  subscribe(name: string, listener: BoardListener): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    this.#watch();
    if (!this.#timer) {
      this.#timer = setInterval(() => this.#sweep(), SWEEP_MS);
      this.#timer.unref();
    }
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(name);
      if (this.#listeners.size === 0) this.#stopTimer();
    };
  }

  close(): void {
    this.#stopTimer();
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#listeners.clear();
  }

  #watch(): void {
    if (this.#watcher) return;
    try {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
      const watcher = watch(this.#directory, { persistent: false }, (_event, name) => this.#changed(name));
      watcher.on("error", () => {
        watcher.close();
        if (this.#watcher === watcher) this.#watcher = undefined;
      });
      this.#watcher = watcher;
    } catch {
      // Out of inotify watches, say. The sweep tries again, and until then finds the changes by itself.
    }
  }

  #changed(name: string | null): void {
    if (name === null) this.#sweep();
    else this.#tell(this.#listeners.get(name), "change");
  }

  #sweep(): void {
    const watched = this.#watcher !== undefined;
    this.#watch();
    for (const listeners of this.#listeners.values()) this.#tell(listeners, watched ? "sweep" : "change");
  }

  #tell(listeners: Set<BoardListener> | undefined, reason: "change" | "sweep"): void {
    for (const listener of listeners ?? []) listener(reason);
  }

  #stopTimer(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
