import { BatchLoop } from "../changes/batch-loop.ts";
import type { Change } from "../changes/change.ts";
import type { NodeHealth, NodeRecord } from "../model/node.ts";
import type { ControllerParts } from "../parts.ts";

/** A commit takes 128 conditions, and each node needs two. */
const BATCH = 60;

/**
 * Marks nodes whose lease has ended: Unknown at once, Unhealthy when it is so for as long again. Nodes are marked in the
 * store, so that a restart goes on from there; it gives a node that was Unknown its whole time again, since nobody could
 * hear it meanwhile.
 */
export class HealthLoop {
  readonly #parts: ControllerParts;
  readonly #ttlMs: number;
  readonly #unknown: BatchLoop;
  readonly #unhealthy: BatchLoop;
  /** When nodes that are Unknown become Unhealthy; all wait equally long, so the first one is due first. */
  readonly #deadlines = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    this.#ttlMs = parts.settings.heartbeatTtlMs;
    const { log, objects } = parts;
    const loop = (health: NodeHealth, from: NodeHealth): BatchLoop =>
      new BatchLoop({
        name: `Nodes that are ${health}`,
        size: BATCH,
        log,
        work: (ids) => this.#mark(ids, from, health),
      });
    this.#unknown = loop("Unknown", "Healthy");
    this.#unhealthy = loop("Unhealthy", "Unknown");
    objects.nodeLeases.onChange(({ id, now }) => {
      if (!now) this.#unknown.add(id);
    });
    for (const { id, value } of objects.nodes.all()) this.#expect(id, value);
    objects.nodes.onChange(({ id, now }) => this.#expect(id, now?.value));
  }

  start(): void {
    this.#unknown.start();
    this.#unhealthy.start();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await Promise.all([this.#unknown.close(), this.#unhealthy.close()]);
  }

  #expect(nodeId: string, node: NodeRecord | undefined): void {
    if (node?.health !== "Unknown") this.#deadlines.delete(nodeId);
    else if (!this.#deadlines.has(nodeId)) this.#deadlines.set(nodeId, performance.now() + this.#ttlMs);
    this.#arm();
  }

  #arm(): void {
    const [first] = this.#deadlines.values();
    if (this.#timer !== undefined || first === undefined || this.#closed) return;
    this.#timer = setTimeout(() => this.#pass(), Math.max(0, first - performance.now()));
    this.#timer.unref();
  }

  #pass(): void {
    this.#timer = undefined;
    for (const [nodeId, deadline] of this.#deadlines) {
      if (deadline > performance.now()) break;
      this.#deadlines.delete(nodeId);
      this.#unhealthy.add(nodeId);
    }
    this.#arm();
  }

  #mark(nodeIds: readonly string[], from: NodeHealth, health: NodeHealth): Promise<unknown> {
    return this.#parts.changes.run((change) => {
      for (const nodeId of nodeIds) this.#markOne(change, nodeId, from, health);
    });
  }

  #markOne(change: Change, nodeId: string, from: NodeHealth, health: NodeHealth): void {
    if (change.get("nodeLeases", nodeId)) return;
    const node = change.get("nodes", nodeId)?.value;
    if (node?.health !== from) return;
    const seconds = ((health === "Unknown" ? 1 : 2) * this.#ttlMs) / 1_000;
    const reason = `no message for ${seconds} s`;
    change.put("nodes", nodeId, { ...node, health, healthSince: this.#parts.now().toISOString(), reason });
    change.publish({ type: `node.${health.toLowerCase()}`, message: `${nodeId} is ${health}: ${reason}`, nodeId });
  }
}
