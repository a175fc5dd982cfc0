import { setImmediate as nextTurn } from "node:timers/promises";
import { errorText } from "@damson/plugin-sdk";
import type { ControllerParts } from "../../parts.ts";
import { applyPlan } from "./apply-plan.ts";
import { PLAN_LIMIT } from "./draft.ts";
import { Due } from "./due.ts";
import { keepExplanation } from "./explain.ts";
import { LostNodes } from "./lost-nodes.ts";
import { PlanMemory } from "./memory.ts";
import { MoveAccounts } from "./move-accounts.ts";
import { NodeAccounts } from "./node-accounts.ts";
import { type PlacedPlan, type Planned, placeAll } from "./placing.ts";
import { planDeployment } from "./plan-deployment.ts";
import { Settling } from "./settling.ts";
import { listen } from "./triggers.ts";
import { Views } from "./views.ts";
import { Waits } from "./waits.ts";

/** What comes together is planned together. */
const COLLECT_MS = 50;
const UNPLACED_MS = 250;
/** A plan for many instances takes longer: it is made so rarely that it takes at most a tenth of the time. */
const REST = 9;
/** Most deployments that are planned in one go. */
const ROUND = 64;
const RETRY_MS = 200;
const RETRY_MAX_MS = 30_000;
/** A timer that comes later than this: the process stood still. */
const STALL_MS = 2_000;
/** A clock may be set: no timer runs longer. */
const TIMER_MAX_MS = 60_000;

/**
 * Plans deployments whenever something has changed that matters to them, and does what the plans say. Rounds come one after the
 * other, so no two of them place instances on the same room; the deployments of one round are placed together, and written
 * at the same time. Nothing is kept here that the next start could not find out again.
 */
export class PlanLoop {
  readonly lostNodes: LostNodes;
  readonly #parts: ControllerParts;
  readonly #accounts: NodeAccounts;
  readonly #moves: MoveAccounts;
  readonly #waits: Waits;
  readonly #memory = new PlanMemory();
  readonly #settling = new Settling();
  /** When deployments are to be planned, by a clock that is never set, in milliseconds. */
  readonly #due = new Due();
  readonly #notBefore = new Map<string, number>();
  readonly #failures = new Map<string, number>();
  /** By deployment, the nodes to which an operator lets instances go back. */
  readonly #failbackTo = new Map<string, Set<string>>();
  /** When it was made, or stood still, in milliseconds since 1970. */
  #heardSince: number;
  /** Since the last round. */
  #unplacedMarked = false;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #working: Promise<void> | undefined;
  #state: "new" | "started" | "closed" = "new";

  /** Before the objects are followed. */
  constructor(parts: ControllerParts) {
    const { objects, events } = parts;
    this.#parts = parts;
    this.#heardSince = parts.now().getTime();
    this.#accounts = new NodeAccounts(objects);
    this.#moves = new MoveAccounts(objects);
    this.#waits = new Waits((event) => void events.publish(event));
    this.lostNodes = new LostNodes(parts, {
      resumed: () => this.#markAll(this.#memory.held, COLLECT_MS),
      waiting: () => this.#arm(),
    });
    listen(parts, this.#moves, {
      mark: (id) => this.#mark(id, COLLECT_MS),
      markUnplaced: () => this.#markUnplaced(),
      watchesHealth: (id) => this.#memory.watched.has(id),
    });
  }

  /** Plans all deployments once: nobody knows what was left undone. */
  start(): void {
    this.#state = "started";
    this.lostNodes.check();
    for (const { id } of this.#parts.objects.deployments.all()) this.#mark(id, 0);
    this.#arm();
  }

  /** Ends after the round that is under way. */
  async close(): Promise<void> {
    this.#state = "closed";
    clearTimeout(this.#timer);
    await this.#working;
    this.#settling.end();
  }

  /**
   * Plans a deployment now and until there is nothing that can be done at once. What the store refuses is done later: then
   * it resolves as well.
   */
  async settle(deploymentId: string): Promise<void> {
    if (this.#state !== "started") return;
    const settled = this.#settling.wait(deploymentId);
    this.#markNow(deploymentId);
    await settled;
  }

  /** Brings instances back to a node from which they were moved away. @returns how many are on the way because of it */
  async failback(nodeId: string): Promise<number> {
    const ids = this.#moves.deploymentsAwayFrom(nodeId);
    const before = this.#returningTo(nodeId);
    for (const id of ids) this.#failbackTo.set(id, (this.#failbackTo.get(id) ?? new Set()).add(nodeId));
    await Promise.all(ids.map((id) => this.settle(id)));
    for (const id of ids) this.#failbackTo.get(id)?.delete(nodeId);
    return [...this.#returningTo(nodeId)].filter((id) => !before.has(id)).length;
  }

  #returningTo(nodeId: string): Set<string> {
    const rows = this.#parts.objects.assignmentsByNode.of(nodeId);
    return new Set(rows.filter(({ value }) => value.why.cause === "failback").map(({ id }) => id));
  }

  #mark(id: string, delayMs: number): void {
    const at = Math.max(performance.now() + delayMs, this.#notBefore.get(id) ?? 0);
    if (this.#due.add(id, at) && at < this.#timerAt) this.#arm(at);
  }

  #markAll(ids: Iterable<string>, delayMs: number): void {
    for (const id of ids) this.#mark(id, delayMs);
  }

  /** Many may make room at the same time. */
  #markUnplaced(): void {
    if (this.#unplacedMarked) return;
    this.#unplacedMarked = true;
    this.#markAll(this.#memory.unplaced, UNPLACED_MS);
  }

  #markNow(id: string): void {
    this.#notBefore.delete(id);
    this.#mark(id, 0);
  }

  #arm(at = this.#next()): void {
    if (this.#state !== "started" || this.#working) return;
    this.#noteStall();
    clearTimeout(this.#timer);
    this.#timerAt = Math.max(at, performance.now());
    if (!Number.isFinite(at)) return;
    const ms = Math.max(0, Math.min(this.#timerAt - performance.now(), TIMER_MAX_MS));
    this.#timer = setTimeout(() => this.#wake(), ms);
  }

  #next(): number {
    const deadline = Math.min(this.#memory.deadlines.next, this.lostNodes.resumeAt);
    const untilDeadline = deadline - this.#parts.now().getTime();
    return Math.min(this.#due.next, performance.now() + untilDeadline);
  }

  /** It could hear nobody: what waits in its sockets must not come too late. */
  #noteStall(): void {
    if (performance.now() - this.#timerAt > STALL_MS) this.#heardSince = this.#parts.now().getTime();
  }

  #wake(): void {
    this.#noteStall();
    this.#timerAt = Number.POSITIVE_INFINITY;
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
      this.#arm();
    });
  }

  async #work(): Promise<void> {
    while (this.#state === "started") {
      this.lostNodes.check();
      for (const id of this.#memory.deadlines.take(this.#parts.now().getTime())) this.#due.add(id, 0);
      const ids = this.#due.take(performance.now(), ROUND);
      if (ids.length === 0) return;
      await this.#round(ids);
      // Requests come before more plans.
      await nextTurn();
    }
  }

  async #round(ids: readonly string[]): Promise<void> {
    this.#unplacedMarked = false;
    const views = new Views(this.#parts, {
      moves: this.#moves,
      failoverSuspended: () => this.lostNodes.state.suspended !== undefined,
      heardSince: this.#heardSince,
      failbackTo: (id) => this.#failbackTo.get(id) ?? new Set(),
    });
    const planned: Planned[] = [];
    let creations = 0;
    for (const id of ids) {
      // What one round takes is bounded; the rest is not forgotten.
      if (creations >= PLAN_LIMIT) this.#due.add(id, 0);
      else creations += this.#plan(id, views, planned);
    }
    const reserved: (() => void)[] = [];
    const schedulers = this.#parts.plugins.provided("scheduler");
    const placed = placeAll(planned, { accounts: this.#accounts, schedulers, reserved });
    await Promise.all(placed.map((one) => this.#apply(one)));
    for (const end of reserved) end();
  }

  /** @returns how many instances the plan makes */
  #plan(id: string, views: Views, planned: Planned[]): number {
    const begun = performance.now();
    try {
      const view = views.of(id);
      if (!view) {
        this.#forget(id);
        return 0;
      }
      const plan = planDeployment(view, this.#parts.now());
      views.planned(view, plan);
      planned.push({ view, plan });
      const end = performance.now();
      this.#notBefore.set(id, end + REST * (end - begun));
      return plan.creations.length;
    } catch (error) {
      this.#failed(id, error);
      return 0;
    }
  }

  async #apply(one: PlacedPlan): Promise<void> {
    const { plan, view, placed } = one;
    const id = view.deployment.deploymentId;
    const settling = this.#settling.of(id);
    this.#memory.note(one, this.#parts.now().getTime());
    try {
      const { changed, stale } = await applyPlan(this.#parts, one);
      await keepExplanation(this.#parts, one);
      this.#waits.look(one);
      this.#failures.delete(id);
      if (!changed && !stale) return this.#settling.settled(id, settling);
      const isCut = [placed, plan.removals, plan.switches, plan.forgotten].some(({ length }) => length >= PLAN_LIMIT);
      if (stale || isCut || settling.size > 0) this.#markNow(id);
    } catch (error) {
      this.#failed(id, error);
    }
  }

  #failed(id: string, error: unknown): void {
    const failures = (this.#failures.get(id) ?? 0) + 1;
    this.#failures.set(id, failures);
    const ms = Math.min(RETRY_MS * 2 ** (failures - 1), RETRY_MAX_MS) * (0.8 + 0.4 * Math.random());
    this.#parts.log.warn({ err: error, deploymentId: id }, `A deployment is planned again: ${errorText(error)}`);
    this.#notBefore.set(id, performance.now() + ms);
    this.#due.set(id, performance.now() + ms);
    this.#settling.settled(id);
  }

  #forget(id: string): void {
    this.#memory.forget(id);
    for (const map of [this.#notBefore, this.#failures, this.#failbackTo]) map.delete(id);
    this.#waits.forget(id);
    this.#settling.settled(id);
  }
}
