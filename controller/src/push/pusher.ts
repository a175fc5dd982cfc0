import { ProblemError } from "@damson/client";
import { isDamsonError } from "@damson/plugin-sdk";
import pLimit from "p-limit";
import { forgetInstances } from "../assignments/forget-instances.ts";
import { type AgentItem, documentOf, listForAgent } from "../assignments/list-assignments.ts";
import { isActive } from "../model/assignment.ts";
import { withRuntimes } from "../nodes/node-facts.ts";
import type { Nodes } from "../nodes/nodes.ts";
import type { ControllerParts } from "../parts.ts";
import type { Report, Statuses } from "../statuses/statuses.ts";
import type { CalledAgent, SeenInstance } from "./called-agent.ts";
import { checkRuntimes, checkSeen } from "./check-told.ts";
import { openAgent } from "./open-agent.ts";
import { pushPlan } from "./push-plan.ts";
import { Refusals } from "./refusals.ts";

/** How many calls at once change things on one agent. */
const AT_ONCE = 4;
/** What was done shows within this, as a rule. */
const SETTLES_MS = 10_000;
const RUNTIMES_EVERY_MS = 60_000;

/** What a {@link Pusher} stands on. */
export interface PusherParts {
  readonly parts: ControllerParts;
  readonly nodes: Nodes;
  readonly statuses: Statuses;
}

/** Brings one agent that is called to its list, and keeps what it tells. */
export class Pusher {
  readonly #nodeId: string;
  readonly #on: PusherParts;
  readonly #refusals = new Refusals();
  /** Versions that were applied, for an agent that does not tell; harmless to forget. */
  readonly #applied = new Map<string, number>();
  #agent: CalledAgent | undefined;
  #settlesUntil = 0;
  #runtimesAt = Number.NEGATIVE_INFINITY;

  constructor(nodeId: string, on: PusherParts) {
    this.#nodeId = nodeId;
    this.#on = on;
  }

  /**
   * Looks at the agent once, and does what is to be done. Whatever interrupts it, the next call completes it.
   *
   * @returns whether something is under way, so that it is worth looking again soon
   * @throws what the agent and the store throw
   */
  async visit(signal: AbortSignal): Promise<boolean> {
    const { parts } = this.#on;
    const node = parts.objects.nodes.get(this.#nodeId)?.value;
    if (node?.link !== "push") return false;
    try {
      this.#agent ??= await openAgent(node, (id) => this.#documentOf(id), signal);
      return await this.#bring(this.#agent, signal);
    } catch (thrown) {
      // Something else may answer there next time.
      this.#agent = undefined;
      throw thrown;
    }
  }

  async #bring(agent: CalledAgent, signal: AbortSignal): Promise<boolean> {
    const { parts, statuses } = this.#on;
    const seen = await this.#look(agent, signal);
    await this.#heard(agent, signal);
    const list = listForAgent(parts, this.#nodeId, parts.advertisedUrl());
    this.#refusals.keep(list);
    for (const id of this.#applied.keys())
      if (!list.some(({ instanceId }) => instanceId === id)) this.#applied.delete(id);
    const plan = pushPlan(list, seen, (instance) => this.#isOurs(instance));
    const apply = plan.apply.filter((item) => !this.#refusals.isWaiting(item));
    await this.#each(plan.remove, signal, (id) => agent.remove(id, signal));
    await this.#each(plan.stop, signal, (id) => agent.stop(id, signal));
    await this.#each(apply, signal, (item) => this.#apply(agent, item, signal));
    const hasActed = plan.remove.length + plan.stop.length + apply.length > 0;

    // What is to go now, and is not there when it is looked at, is gone.
    const going = parts.objects.assignmentsByNode.of(this.#nodeId).filter(({ value }) => !isActive(value));
    const found = hasActed ? await this.#look(agent, signal) : seen;
    await statuses.take(this.#nodeId, this.#reports(list, found));
    const present = new Set(found.map(({ instanceId }) => instanceId));
    const gone = going.filter(({ id }) => !present.has(id)).map(({ id }) => id);
    await forgetInstances(parts, gone, (assignment) => !isActive(assignment));
    if (hasActed) this.#settlesUntil = performance.now() + SETTLES_MS;
    return gone.length < going.length || performance.now() < this.#settlesUntil;
  }

  async #look(agent: CalledAgent, signal: AbortSignal): Promise<SeenInstance[]> {
    const seen = await agent.instances(signal);
    checkSeen(seen);
    return seen.map((one) => ({ ...one, specVersion: one.specVersion ?? this.#applied.get(one.instanceId) }));
  }

  async #heard(agent: CalledAgent, signal: AbortSignal): Promise<void> {
    const isDue = performance.now() - this.#runtimesAt >= RUNTIMES_EVERY_MS;
    const runtimes = isDue ? await agent.runtimes(signal) : undefined;
    if (runtimes) checkRuntimes(runtimes);
    if (isDue) this.#runtimesAt = performance.now();
    const { nodes, parts } = this.#on;
    await nodes.heard(this.#nodeId, (node) => {
      // It has been forgotten, or has another agent now.
      if (node.link !== "push") throw new Error(`${this.#nodeId} is not called any more`);
      return runtimes ? withRuntimes(node, runtimes, parts.now()) : node;
    });
  }

  async #apply(agent: CalledAgent, item: AgentItem, signal: AbortSignal): Promise<void> {
    try {
      await agent.apply(item.apply, signal);
      this.#refusals.forget(item.instanceId);
      this.#applied.set(item.instanceId, item.specVersion);
    } catch (thrown) {
      const reason = refusalOf(thrown);
      if (reason === undefined) throw thrown;
      this.#refusals.add(item, reason);
    }
  }

  /** Each answer is a sign of life. */
  async #each<T>(items: readonly T[], signal: AbortSignal, work: (item: T) => Promise<void>): Promise<void> {
    const limit = pLimit(AT_ONCE);
    const done = items.map((item) =>
      limit(async () => {
        signal.throwIfAborted();
        await work(item);
        await this.#on.nodes.extend(this.#nodeId);
      }),
    );
    // None is left under way when one fails.
    const failed = (await Promise.allSettled(done)).find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
  }

  #reports(list: readonly AgentItem[], found: readonly SeenInstance[]): Report[] {
    const present = new Set(found.map(({ instanceId }) => instanceId));
    const absent = list.flatMap(({ instanceId, desired, specVersion }): Report[] => {
      if (present.has(instanceId) || desired !== "Stopped") return [];
      return [{ instanceId, phase: "Stopped", healthy: false, detail: "stopped", specVersion }];
    });
    const refused = this.#refusals.reports();
    const told = found.filter(({ instanceId }) => refused.every((report) => report.instanceId !== instanceId));
    return [...told.map(({ report }) => report), ...absent, ...refused];
  }

  /** Agents that do not tell who assigned an instance have those that are known here. */
  #isOurs({ instanceId, controllerId }: SeenInstance): boolean {
    const { controllerId: own, objects } = this.#on.parts;
    return controllerId === undefined ? objects.assignments.get(instanceId) !== undefined : controllerId === own;
  }

  #documentOf(instanceId: string) {
    const { parts } = this.#on;
    const assignment = parts.objects.assignments.get(instanceId)?.value;
    return assignment && documentOf(parts, assignment, parts.advertisedUrl());
  }
}

/** Why an agent refuses a document, if it does and would do so again; `undefined` for a failure of another kind. */
function refusalOf(thrown: unknown): string | undefined {
  if (thrown instanceof ProblemError) {
    const { status, detail, remedy, code } = thrown.problem;
    // Boreas answers 500 to what it cannot run.
    const isRefusal =
      (status >= 400 && status < 500 && ![401, 403, 408, 429].includes(status)) || code === "ANSWER_UNEXPECTED";
    return isRefusal ? (remedy ? `${detail}. ${remedy}` : detail) : undefined;
  }
  return isDamsonError(thrown) && thrown.code === "AGENT_REFUSED" ? thrown.message : undefined;
}
