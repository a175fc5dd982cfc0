import { isActive } from "../../model/assignment.ts";
import type { NodeRecord } from "../../model/node.ts";
import type { ControllerParts } from "../../parts.ts";

/** A node that was lost longer ago, and has nothing placed on it any more, tells nothing of the network now. */
const PAST_MS = 3_600_000;

/** How failover stands. */
export interface FailoverState {
  readonly enabled: boolean;
  /** Nodes that have ever been heard of, and were not deleted. */
  readonly nodes: number;
  /** Those of them that are Unknown or Unhealthy. */
  readonly lost: number;
  /** Nothing moves: why, and since when. */
  readonly suspended?: { readonly since: string; readonly reason: string } | undefined;
}

/**
 * Counts the nodes that are lost. When more of them are than `failover.maxLostShare` allows, it is more likely that the
 * controller is cut off than that they have all died: then nothing moves until enough of them are back. The others get a
 * while more: when a network heals, not all are heard at the same moment.
 */
export class LostNodes {
  readonly #parts: ControllerParts;
  readonly #on: { readonly resumed: () => void; readonly waiting: () => void };
  #nodes = 0;
  #lost = 0;
  #unhealthy = 0;
  #suspended: { readonly since: string; readonly reason: string } | undefined;
  #resumeAt = Number.POSITIVE_INFINITY;

  /**
   * Before the objects are followed.
   *
   * @param on - told when instances may move again, and when `resumeAt` has come to be known
   */
  constructor(parts: ControllerParts, on: { readonly resumed: () => void; readonly waiting: () => void }) {
    this.#parts = parts;
    this.#on = on;
    for (const { value } of parts.objects.nodes.all()) this.#count(value, 1);
    parts.objects.nodes.onChange(({ before, now }) => {
      if (before) this.#count(before.value, -1);
      if (now) this.#count(now.value, 1);
      this.check();
    });
  }

  get state(): FailoverState {
    const { enabled } = this.#parts.settings.failover;
    const suspended = this.#suspended;
    return { enabled, nodes: this.#nodes, lost: this.#lost, ...(suspended && { suspended }) };
  }

  /** When `check` is to be called again, in milliseconds since 1970 by the controller's clock. */
  get resumeAt(): number {
    return this.#resumeAt;
  }

  /** Decides by the nodes as they are now, and says what has changed. */
  check(): void {
    const { enabled, maxLostShare } = this.#parts.settings.failover;
    // As long as none is given up, there is nothing that would move.
    const tooMany =
      enabled && this.#unhealthy > 0 && this.#lost > maxLostShare * this.#nodes && this.#areTooMany(maxLostShare);
    if (tooMany) this.#suspend(maxLostShare);
    else if (this.#suspended) this.#resume(enabled && this.#unhealthy > 0);
  }

  #suspend(maxLostShare: number): void {
    this.#resumeAt = Number.POSITIVE_INFINITY;
    if (this.#suspended) return;
    const { events, log, now } = this.#parts;
    const limit = `more than the ${Math.round(maxLostShare * 100)} % of --failover-max-lost`;
    const reason = `${this.#found}, ${limit}: it is more likely that the controller is cut off from them, so nothing moves`;
    this.#suspended = { since: now().toISOString(), reason };
    log.error(`Failover is suspended: ${reason}`);
    events.publish({ type: "failover.suspended", message: reason });
  }

  #resume(someAreLost: boolean): void {
    const { events, log, now, settings } = this.#parts;
    const time = now().getTime();
    const latest = time + 2 * settings.heartbeatTtlMs;
    // Also when the clock was set back.
    if (someAreLost && latest < this.#resumeAt) {
      this.#resumeAt = latest;
      this.#on.waiting();
    }
    if (someAreLost && time < this.#resumeAt) return;
    this.#suspended = undefined;
    this.#resumeAt = Number.POSITIVE_INFINITY;
    const message = `${this.#found}: instances of lost nodes move again`;
    log.warn(`Failover goes on: ${message}`);
    events.publish({ type: "failover.resumed", message });
    this.#on.resumed();
  }

  get #found(): string {
    const { nodes, lost } = this.#recent();
    return `${lost} of ${nodes} nodes are lost`;
  }

  #areTooMany(maxLostShare: number): boolean {
    const { nodes, lost } = this.#recent();
    return lost > maxLostShare * nodes;
  }

  /** Machines come and go, and nobody may have told that some of them will not be back. */
  #recent(): { readonly nodes: number; readonly lost: number } {
    const { objects, now } = this.#parts;
    const before = now().getTime() - PAST_MS;
    let past = 0;
    for (const { id, value } of objects.nodes.all()) {
      if (value.health !== "Unhealthy" || value.lastSeen <= 0 || Date.parse(value.healthSince) > before) continue;
      if (!objects.assignmentsByNode.of(id).some((assignment) => isActive(assignment.value))) past += 1;
    }
    return { nodes: this.#nodes - past, lost: this.#lost - past };
  }

  /** A node of which nothing was ever heard says nothing of the network. */
  #count({ health, lastSeen }: NodeRecord, sign: 1 | -1): void {
    if (lastSeen <= 0) return;
    this.#nodes += sign;
    if (health !== "Healthy") this.#lost += sign;
    if (health === "Unhealthy") this.#unhealthy += sign;
  }
}
