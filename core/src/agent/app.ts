import type { Document } from "../state/index.ts";
import type { AppDocument } from "./document.ts";
import { startableWith } from "./instance-runtimes.ts";
import { type InstanceView, planAll, planDeadline } from "./plan.ts";
import { Supervisor } from "./supervisor.ts";
import type { SupervisorContext } from "./supervisor-context.ts";
import { MAX_TIMER_MS } from "./wake.ts";

/** One app of this agent: its document, and a supervisor for each of its instances. */
export class App {
  readonly document: Document<AppDocument>;
  readonly #context: SupervisorContext;
  readonly #onChange: (app: App) => void;
  readonly #supervisors = new Map<string, Supervisor>();
  #deadline: NodeJS.Timeout | undefined;
  #planning = false;
  /** Something that a plan depends on has changed since the planning under way looked at it. */
  #planAgain = false;
  #detached = false;
  #changedAt: string | undefined;

  constructor(document: Document<AppDocument>, context: SupervisorContext, onChange: (app: App) => void) {
    this.document = document;
    this.#context = context;
    this.#onChange = onChange;
  }

  get name(): string {
    return this.document.name;
  }

  /** When anything that a status shows last changed, ISO 8601. */
  get updated(): string {
    const written = this.document.value.updated_at;
    return this.#changedAt !== undefined && this.#changedAt > written ? this.#changedAt : written;
  }

  supervisor(instanceId: string): Supervisor | undefined {
    return this.#supervisors.get(instanceId);
  }

  /** Whether it is known of every instance what an earlier agent left of it. */
  get recovered(): boolean {
    return [...this.#supervisors.values()].every((supervisor) => supervisor.recovered);
  }

  /** Begins to supervise what an earlier agent left. */
  resume(): void {
    for (const record of this.document.value.instances) this.#supervise(record.instance_id, false);
    void this.#replan();
  }

  /** Begins to supervise an app that was created just now. */
  begin(): void {
    this.#afterChange(false);
  }

  /**
   * Changes what is declared, and plans with it, in one durable write.
   *
   * @returns whether anything changed
   * @throws DamsonError `STATE_WRITE_FAILED`, and whatever `change` throws; then nothing has changed
   */
  async change(change: (document: AppDocument) => AppDocument): Promise<boolean> {
    let changed = false;
    try {
      await this.document.update((document) => {
        const planned = this.#planned(change(document));
        changed = planned !== document;
        return planned;
      });
    } catch (thrown) {
      // What was taken back could be seen meanwhile.
      this.#onChange(this);
      throw thrown;
    }
    this.#afterChange(true);
    return changed;
  }

  /** Wakes all supervisors: something outside the document has changed, such as a runtime that was loaded. */
  nudge(): void {
    for (const supervisor of this.#supervisors.values()) supervisor.nudge();
  }

  /** Ends the supervision; units go on. */
  async detach(): Promise<void> {
    this.#detached = true;
    clearTimeout(this.#deadline);
    await Promise.all([...this.#supervisors.values()].map((supervisor) => supervisor.detach()));
    await this.document.settled();
  }

  /** Stops the units without a change of what is declared. Only after `detach`. @returns what could not be stopped */
  async stopDetached(): Promise<string[]> {
    const left = await Promise.all([...this.#supervisors.values()].map((supervisor) => supervisor.stopDetached()));
    return left.filter((line) => line !== undefined);
  }

  #planned(document: AppDocument): AppDocument {
    return planAll(document, {
      now: this.#context.now(),
      view: (id) => this.#view(id),
      runtimeFor: (type) => startableWith(this.#context, type),
    });
  }

  #view(id: string): InstanceView {
    return this.#supervisors.get(id)?.view ?? { healthy: false };
  }

  #supervise(id: string, known: boolean): void {
    const supervisor = new Supervisor(this.document, id, this.#context, () => this.#instanceChanged(), known);
    this.#supervisors.set(id, supervisor);
    supervisor.start();
  }

  /**
   * Brings supervisors in line with the document that the disk has: what is still on its way to it may be taken back.
   *
   * @param nudge whether the targets of the instances may have changed; one that waits before its next try is not woken
   *   for less
   */
  #afterChange(nudge: boolean): void {
    if (this.#detached) return;
    for (const id of this.#forgetRemoved()) {
      const supervisor = this.#supervisors.get(id);
      if (!supervisor) this.#supervise(id, true);
      else if (nudge) supervisor.nudge();
    }
    this.#setDeadline();
    this.#onChange(this);
  }

  /** @returns the ids of the instances that there are */
  #forgetRemoved(): Set<string> {
    const present = new Set(this.document.durable.instances.map((record) => record.instance_id));
    for (const id of this.#supervisors.keys()) if (!present.has(id)) this.#supervisors.delete(id);
    return present;
  }

  #instanceChanged(): void {
    this.#changedAt = this.#context.now().toISOString();
    const document = this.document.value;
    const gone = this.#supervisors.size !== document.instances.length;
    // An instance of the same id may come in its place: an assignment has but one.
    this.#forgetRemoved();
    if (gone || document.update?.state === "in_progress") void this.#replan();
    this.#onChange(this);
  }

  /** One planning at a time; what changes meanwhile, in the document or the health of an instance, is seen by the loop. */
  async #replan(): Promise<void> {
    this.#planAgain = true;
    if (this.#planning || this.#detached) return;
    this.#planning = true;
    let changed = false;
    try {
      while (this.#planAgain && !this.#detached) {
        this.#planAgain = false;
        await this.document.update((document) => {
          const planned = this.#planned(document);
          changed ||= planned !== document;
          return planned;
        });
      }
    } catch {
      // The disk did not take it: nothing has changed, and the deadline below tries again.
      clearTimeout(this.#deadline);
      if (!this.#detached) this.#deadline = setTimeout(() => void this.#replan(), 1_000).unref();
      return;
    } finally {
      this.#planning = false;
    }
    this.#afterChange(changed);
  }

  #setDeadline(): void {
    clearTimeout(this.#deadline);
    const deadline = planDeadline(this.document.value, (id) => this.#view(id));
    if (!deadline) return;
    const ms = Math.max(deadline.getTime() - this.#context.now().getTime(), 0) + 1;
    this.#deadline = setTimeout(() => void this.#replan(), Math.min(ms, MAX_TIMER_MS)).unref();
  }
}
