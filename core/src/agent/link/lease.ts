import { ProblemError } from "@damson/client";
import { errorText } from "@damson/plugin-sdk";
import type { Agent } from "../agent.ts";
import { Wake } from "../wake.ts";
import { linkRetryMs } from "./gated-worker.ts";
import { HeartbeatBody, type NodeFacts } from "./heartbeat-body.ts";
import { runtimeFacts, wantedSchemas } from "./node-facts.ts";
import type { ControllerApi, HeartbeatAnswer } from "./protocol.ts";

/** Heartbeats that are hurried come no closer than this. */
const LEAST_MS = 200;

/** What a controller asks for as a rule. */
const USUAL_TTL_MS = 15_000;

/**
 * Milliseconds before try number `attempt` (from 1), at most half of the lease, ±20 %: a controller that starts again gives
 * every node two leases from its start, and whoever comes later than that counts as lost.
 */
export function heartbeatRetryMs(attempt: number, ttlMs: number): number {
  return Math.min(linkRetryMs(attempt), (ttlMs / 2) * (0.8 + 0.4 * Math.random()));
}

/** What a {@link Lease} needs. */
export interface LeaseParts {
  readonly api: ControllerApi;
  readonly agent: Agent;
  /** All that the node says of itself but its runtimes. */
  facts(): Promise<Omit<NodeFacts, "runtimes">>;
  /** The controller answers, after it did not, or after the lease has run out. */
  gained(): void;
  /** It does not answer any more, or refuses the node; told again when the reason is another one. */
  lost(refusal: ProblemError | undefined, reason: string): void;
  answered(answer: HeartbeatAnswer): void;
}

/** Registers the node, and keeps its lease by heartbeats. */
export class Lease {
  readonly #parts: LeaseParts;
  readonly #body: HeartbeatBody;
  readonly #hurry = new Wake();
  #state: "connecting" | "connected" | "refused" = "connecting";
  #reason: string | undefined;
  #code: string | undefined;
  #lastContact: Date | undefined;
  /** By the monotonic clock, when the lease runs out. */
  #until = 0;
  #ttlMs = USUAL_TTL_MS;
  #wanted: readonly string[] = [];

  constructor(parts: LeaseParts) {
    this.#parts = parts;
    this.#body = new HeartbeatBody(parts.agent.identity.nodeId, parts.agent.identity.owner);
  }

  get state(): "connecting" | "connected" | "refused" {
    return this.#state;
  }

  /** Why it is not connected. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** Code of the refusal. */
  get code(): string | undefined {
    return this.#code;
  }

  get lastContact(): Date | undefined {
    return this.#lastContact;
  }

  /** Sends the next heartbeat soon: something has changed that somebody waits for. */
  hurry(): void {
    this.#hurry.fire();
  }

  async run(signal: AbortSignal): Promise<void> {
    // Waits must not outlast the signal.
    const over = new Wake();
    signal.addEventListener("abort", () => {
      over.fire();
      this.#hurry.fire();
    });
    for (let failures = 0; !signal.aborted; ) {
      try {
        const ttlMs = await this.#beat(signal);
        failures = 0;
        await over.wait(LEAST_MS);
        if (!signal.aborted) await this.#hurry.wait((ttlMs / 3) * (0.8 + 0.2 * Math.random()));
      } catch (thrown) {
        if (signal.aborted) return;
        failures += 1;
        this.#noteFailure(thrown);
        await over.wait(heartbeatRetryMs(failures, this.#ttlMs));
      }
    }
  }

  /** @returns the time to live of the lease, in milliseconds */
  async #beat(signal: AbortSignal): Promise<number> {
    const { agent, api } = this.#parts;
    this.#hurry.clear();
    const facts = { ...(await this.#parts.facts()), runtimes: runtimeFacts(agent) };
    const [body, accept] = this.#body.next(facts, wantedSchemas(agent, this.#wanted));
    const answer = await api.heartbeat(body, signal);
    accept();
    this.#wanted = answer.schemasWanted ?? [];
    if (answer.factsWanted) this.#body.forget();
    if (this.#wanted.length > 0 || answer.factsWanted) this.#hurry.fire();
    const ttlMs = answer.ttlSec * 1_000;
    this.#ttlMs = ttlMs;
    const now = performance.now();
    const isNew = this.#state !== "connected" || now > this.#until;
    this.#state = "connected";
    this.#reason = undefined;
    this.#code = undefined;
    this.#lastContact = new Date();
    this.#until = now + ttlMs;
    if (isNew) this.#parts.gained();
    this.#parts.answered(answer);
    return ttlMs;
  }

  #noteFailure(thrown: unknown): void {
    this.#body.forget();
    const refusal = thrown instanceof ProblemError && thrown.problem.status < 500 ? thrown : undefined;
    const state = refusal ? "refused" : "connecting";
    const reason = reasonOf(thrown);
    const isNews = this.#state !== state || this.#reason !== reason;
    this.#state = state;
    this.#reason = reason;
    this.#code = refusal?.problem.code;
    if (isNews) this.#parts.lost(refusal, reason);
  }
}

function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof ProblemError)) return errorText(thrown);
  const { code, detail, remedy } = thrown.problem;
  // The controller tells what commands do; an agent takes that token from elsewhere.
  if (code === "UNAUTHORIZED") return `${detail}. Set --controller-token-file or DAMSON_CONTROLLER_TOKEN`;
  return remedy ? `${detail}. ${remedy}` : detail;
}
