import type { Removal } from "../../model/assignment.ts";
import { type DeploymentVersion, type Entry, versionOf } from "../../model/deployment.ts";
import { deadlineOf, type Instance, judge } from "./instance.ts";
import type { Creation, Plan, Refusal, RolloutChange, RowRemoval, RowSwitch } from "./plan.ts";
import type { PlanRow, PlanView } from "./plan-view.ts";

/** Most instances that one plan makes, lets go or switches, so that no deployment keeps the others waiting for long. */
export const PLAN_LIMIT = 1_000;

/** A plan in the making: what one rule has decided, the next ones see. */
export class Draft {
  readonly view: PlanView;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly creations: Creation[] = [];
  readonly removals: RowRemoval[] = [];
  readonly switches: RowSwitch[] = [];
  readonly forgotten: PlanRow[] = [];
  /** Why a move does not go on, by the instance that is to be replaced. */
  readonly moveWaits = new Map<string, string>();
  readonly refusals: Refusal[] = [];
  /** How many more instances may be not yet healthy on the target version. */
  allowance = 0;
  rollout: RolloutChange | undefined;
  watchesHealth = false;
  held = 0;
  #wakeAt = Number.POSITIVE_INFINITY;
  readonly #instances = new Map<string, Instance>();
  /** By the instance that is replaced. */
  readonly #replacements = new Map<string, Instance>();
  /** Many instances were made at the same time. */
  readonly #times = new Map<string, number>();

  constructor(view: PlanView, now: Date) {
    this.view = view;
    this.now = now.getTime();
    for (const row of view.rows) {
      const { assignment } = row;
      if (assignment.removing) continue;
      const instance = judge(row, view.deployment, view.node(assignment.nodeId));
      this.#instances.set(assignment.instanceId, instance);
    }
    for (const instance of this.#instances.values()) {
      const { replaces } = instance.assignment;
      if (replaces !== undefined && this.#instances.has(replaces) && !this.#replacements.has(replaces)) {
        this.#replacements.set(replaces, instance);
      }
    }
  }

  /** All that stay, in the order of their ids. */
  instances(): Instance[] {
    return [...this.#instances.values()];
  }

  /** The instance that is on the way to replace this one. */
  replacementOf(id: string): Instance | undefined {
    return this.#replacements.get(id);
  }

  /** The instance that it is on the way to replace, and which counts in its place until then. */
  replacedBy({ assignment: { replaces } }: Instance): Instance | undefined {
    return replaces === undefined ? undefined : this.#instances.get(replaces);
  }

  /** When an instance that is not ready has had its time, in milliseconds since 1970. */
  deadlineOf(instance: Instance): number {
    const { deployment, heardSince } = this.view;
    const { update } = versionOf(deployment, instance.assignment.specVersion);
    // What became of it while there was no controller is told in a moment.
    return Math.max(deadlineOf(instance, update, this.#timeOf), heardSince + update.healthyWithinMs);
  }

  /** The version that is to run, and its entries. */
  get target(): DeploymentVersion {
    return versionOf(this.view.deployment, this.view.deployment.version);
  }

  /** The entry of an instance, in the version that it is to run. */
  entryOf({ assignment: { specVersion, entry } }: Instance): Entry | undefined {
    return versionOf(this.view.deployment, specVersion).entries.find(({ name }) => name === entry);
  }

  remove({ id, row }: Instance, reason: Removal["reason"]): void {
    if (!this.#instances.has(id)) return;
    this.removals.push({ row, reason });
    this.#drop(id);
  }

  create(creation: Creation): void {
    this.creations.push(creation);
    // What it stands in for goes only when a place is found; until then it counts as gone, lest it be planned for again.
    if (creation.insteadOf) this.#drop(creation.insteadOf.assignment.instanceId);
  }

  /** Says why a node that was named does not get what it should have. */
  refuse(refusal: Refusal): void {
    this.refusals.push(refusal);
  }

  /** Plans again at that time. */
  wake(at: number): void {
    this.#wakeAt = Math.min(this.#wakeAt, at);
  }

  get plan(): Plan {
    return {
      creations: this.creations.slice(0, PLAN_LIMIT),
      removals: this.removals.slice(0, PLAN_LIMIT),
      switches: this.switches.slice(0, PLAN_LIMIT),
      forgotten: this.forgotten.slice(0, PLAN_LIMIT),
      rollout: this.rollout,
      ...(Number.isFinite(this.#wakeAt) && { wakeAt: this.#wakeAt }),
      watchesHealth: this.watchesHealth,
      held: this.held,
      moveWaits: this.moveWaits,
      refusals: this.refusals,
    };
  }

  readonly #timeOf = (text: string): number => {
    const time = this.#times.get(text) ?? Date.parse(text);
    this.#times.set(text, time);
    return time;
  };

  #drop(id: string): void {
    const instance = this.#instances.get(id);
    this.#instances.delete(id);
    this.#replacements.delete(id);
    const { replaces } = instance?.assignment ?? {};
    if (replaces !== undefined && this.#replacements.get(replaces)?.id === id) this.#replacements.delete(replaces);
  }
}
