import type { Objects } from "../objects/objects.ts";

/** Length of a deployment's id, with which the ids of its instances begin. */
const ID_LENGTH = 32;

/** Tells those who wait for a deployment when something of it changes: itself, its instances, or what is reported of them. */
export class DeploymentWatch {
  readonly #listeners = new Map<string, Set<() => void>>();

  /** Before the objects are followed. */
  constructor(objects: Objects) {
    objects.deployments.onChange(({ id }) => this.#tell(id));
    objects.assignments.onChange(({ id }) => this.#tell(id.slice(0, ID_LENGTH)));
    objects.statuses.onChange(({ id }) => this.#tell(id.slice(0, ID_LENGTH)));
  }

  /** Calls `listener`, which must not throw, after each change; returns how to end that. */
  listen(deploymentId: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(deploymentId) ?? new Set();
    this.#listeners.set(deploymentId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(deploymentId);
    };
  }

  #tell(deploymentId: string): void {
    for (const listener of this.#listeners.get(deploymentId) ?? []) listener();
  }
}
