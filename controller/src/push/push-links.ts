import { errorText } from "@damson/plugin-sdk";
import { Due } from "../deployments/loop/due.ts";
import type { NodeRecord } from "../model/node.ts";
import type { Nodes } from "../nodes/nodes.ts";
import type { ControllerParts } from "../parts.ts";
import type { Statuses } from "../statuses/statuses.ts";
import { Pusher, type PusherParts } from "./pusher.ts";

const VISIT_MS = 5_000;
/** After something was done, or while something is on its way. */
const SOON_MS = 1_000;
const RETRY_MS = 1_000;
const RETRY_MAX_MS = 30_000;
/** How many agents are visited at once. */
const AT_ONCE = 64;
/** What is due within this is looked at together. */
const TICK_MS = 50;

interface Link {
  readonly pusher: Pusher;
  /** Ends with the link. */
  readonly end: AbortController;
  failures: number;
  failure: string | undefined;
  visiting: Promise<void> | undefined;
  /** Its list has changed during the visit. */
  isNudged: boolean;
}

/** The links to agents that the controller calls. */
export class PushLinks {
  readonly #on: PusherParts;
  readonly #links = new Map<string, Link>();
  readonly #due = new Due();
  readonly #ending = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #visits = 0;
  #state: "new" | "started" | "closed" = "new";

  /** Before the objects are followed. */
  constructor(parts: ControllerParts, nodes: Nodes, statuses: Statuses) {
    this.#on = { parts, nodes, statuses };
    for (const { value } of parts.objects.nodes.all()) this.#review(undefined, value);
    parts.objects.nodes.onChange(({ before, now }) => this.#review(before?.value, now?.value));
    nodes.lists.onChange((nodeId) => this.#nudge(nodeId));
  }

  /** Begins its loops, once the objects are followed. */
  async start(): Promise<void> {
    this.#state = "started";
    this.#arm();
  }

  /** Ends its loops. */
  async close(): Promise<void> {
    this.#state = "closed";
    clearTimeout(this.#timer);
    for (const nodeId of [...this.#links.keys()]) this.#end(nodeId);
    await Promise.all(this.#ending);
  }

  /** Why the last visit to a node's agent failed; `undefined` when it did not. */
  failureOf(nodeId: string): string | undefined {
    return this.#links.get(nodeId)?.failure;
  }

  #review(before: NodeRecord | undefined, now: NodeRecord | undefined): void {
    const nodeId = now?.nodeId ?? before?.nodeId ?? "";
    const isPushed = now?.link === "push";
    const isSame =
      before?.link === now?.link && before?.agentUrl === now?.agentUrl && before?.agentToken === now?.agentToken;
    if (isSame) return;
    this.#end(nodeId);
    if (!isPushed || this.#state === "closed") return;
    const pusher = new Pusher(nodeId, this.#on);
    const fresh = { failures: 0, failure: undefined, visiting: undefined, isNudged: false };
    this.#links.set(nodeId, { pusher, end: new AbortController(), ...fresh });
    this.#plan(nodeId, 0);
  }

  #end(nodeId: string): void {
    const link = this.#links.get(nodeId);
    this.#links.delete(nodeId);
    this.#due.set(nodeId, undefined);
    link?.end.abort();
    const { visiting } = link ?? {};
    if (!visiting) return;
    this.#ending.add(visiting);
    void visiting.finally(() => this.#ending.delete(visiting));
  }

  /** An agent that cannot be reached is not called more often for it. */
  #nudge(nodeId: string): void {
    const link = this.#links.get(nodeId);
    if (!link || link.failures > 0) return;
    if (link.visiting) link.isNudged = true;
    else this.#plan(nodeId, 0);
  }

  #plan(nodeId: string, ms: number): void {
    const at = performance.now() + ms;
    if (this.#due.add(nodeId, at) && at < this.#timerAt) this.#arm(at);
  }

  #arm(at = this.#due.next): void {
    if (this.#state !== "started" || this.#visits >= AT_ONCE) return;
    clearTimeout(this.#timer);
    this.#timerAt = at;
    if (!Number.isFinite(at)) return;
    this.#timer = setTimeout(() => this.#wake(), Math.max(at - performance.now(), TICK_MS));
  }

  #wake(): void {
    this.#timerAt = Number.POSITIVE_INFINITY;
    for (const nodeId of this.#due.take(performance.now(), AT_ONCE - this.#visits)) {
      const link = this.#links.get(nodeId);
      if (!link) continue;
      this.#visits += 1;
      link.visiting = this.#visit(nodeId, link).finally(() => {
        this.#visits -= 1;
        link.visiting = undefined;
        if (this.#timerAt === Number.POSITIVE_INFINITY) this.#arm();
      });
    }
    this.#arm();
  }

  /** Never throws. */
  async #visit(nodeId: string, link: Link): Promise<void> {
    const { signal } = link.end;
    link.isNudged = false;
    try {
      const isUnderWay = await link.pusher.visit(signal);
      if (link.failures > 0) this.#on.parts.log.info({ node: nodeId }, "The agent can be called again");
      link.failures = 0;
      link.failure = undefined;
      if (this.#links.get(nodeId) === link)
        this.#plan(nodeId, link.isNudged ? 0 : jitter(isUnderWay ? SOON_MS : VISIT_MS));
    } catch (thrown) {
      if (signal.aborted) return;
      link.failures += 1;
      link.failure = errorText(thrown);
      if (link.failures === 1) this.#on.parts.log.warn({ node: nodeId }, `The agent cannot be called: ${link.failure}`);
      if (this.#links.get(nodeId) === link)
        this.#plan(nodeId, jitter(Math.min(RETRY_MS * 2 ** (link.failures - 1), RETRY_MAX_MS)));
    }
  }
}

function jitter(ms: number): number {
  return ms * (0.8 + 0.4 * Math.random());
}
