import { AsyncLocalStorage } from "node:async_hooks";

const running = new AsyncLocalStorage<string>();

/** Runs a plugin's code so that {@link currentPlugin} names it, also in all that the code leaves running. */
export function asPlugin<T>(id: string, work: () => T): T {
  return running.run(id, work);
}

/** Runs the host's own code that a plugin has called, so that its faults are not taken for the plugin's. */
export function asHost<T>(work: () => T): T {
  return running.exit(work);
}

/** Id of the plugin whose code runs, or has started what runs. */
export function currentPlugin(): string | undefined {
  return running.getStore();
}
