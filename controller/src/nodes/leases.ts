import type { Store } from "@damson/plugin-sdk";
import type { Objects } from "../objects/objects.ts";

const RENEW_MS = 1_000;

interface Held {
  readonly id: string;
  renewedAt: number;
}

/**
 * The lease of each node: as long as its agent is heard of, the key `node-leases/<nodeId>` is there. Ids of leases are in
 * memory alone; after a restart of the controller every healthy node gets a new one.
 */
export class Leases {
  readonly #store: Store;
  readonly #objects: Objects;
  readonly #ttlMs: number;
  readonly #held = new Map<string, Held>();
  readonly #granting = new Map<string, Promise<void>>();

  constructor(store: Store, objects: Objects, ttlMs: number) {
    this.#store = store;
    this.#objects = objects;
    this.#ttlMs = ttlMs;
    objects.nodeLeases.onChange(({ id, now }) => {
      if (!now) this.#held.delete(id);
    });
  }

  /** Whether the node has been heard of in time. */
  isAlive(nodeId: string): boolean {
    return this.#objects.nodeLeases.get(nodeId) !== undefined;
  }

  /** Gives the lease of a node its whole time again, about once a second at most. @returns false when it has none */
  async extend(nodeId: string): Promise<boolean> {
    const held = this.#held.get(nodeId);
    if (!held || !this.isAlive(nodeId)) return false;
    const now = performance.now();
    if (now - held.renewedAt < Math.min(RENEW_MS, this.#ttlMs / 4)) return true;
    if (await this.#store.renewLease(held.id)) {
      held.renewedAt = now;
      return true;
    }
    if (this.#held.get(nodeId) === held) this.#held.delete(nodeId);
    return false;
  }

  /**
   * The same, and grants a new lease where there is none.
   *
   * @param commit puts the node's key with the lease of that id
   * @throws what `commit` and the store throw; the node then has no lease.
   */
  async ensure(nodeId: string, commit: (lease: string) => Promise<unknown>): Promise<void> {
    while (!(await this.extend(nodeId))) {
      const others = this.#granting.get(nodeId);
      if (others) {
        await others.catch(() => undefined);
        continue;
      }
      const granting = this.#grant(nodeId, commit).finally(() => this.#granting.delete(nodeId));
      this.#granting.set(nodeId, granting);
      return granting;
    }
  }

  async #grant(nodeId: string, commit: (lease: string) => Promise<unknown>): Promise<void> {
    const id = await this.#store.grantLease(this.#ttlMs);
    try {
      await commit(id);
    } catch (thrown) {
      // Without keys it does no harm while it lasts.
      await this.#store.revokeLease(id).catch(() => undefined);
      throw thrown;
    }
    this.#held.set(nodeId, { id, renewedAt: performance.now() });
  }
}
