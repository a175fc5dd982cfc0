import { Due } from "./due.ts";
import type { PlacedPlan } from "./placing.ts";

/** What no scheduler looks at is tried again after this: one may have been loaded. */
const SCHEDULER_MS = 5_000;

/** What the last plan of each deployment said of when the next one is due. The next start finds it out again. */
export class PlanMemory {
  /** When plans are due though nothing has changed, by the controller's clock. */
  readonly deadlines = new Due();
  /** Those whose instances' health decides how they go on. */
  readonly watched = new Set<string>();
  /** Those for which there is no place. */
  readonly unplaced = new Set<string>();
  /** Those with instances that would move if failover were not suspended. */
  readonly held = new Set<string>();

  note({ plan, view, placed, judged }: PlacedPlan, now: number): void {
    const id = view.deployment.deploymentId;
    setMember(this.watched, id, plan.watchesHealth);
    setMember(this.unplaced, id, placed.length < plan.creations.length || plan.refusals.length > 0);
    setMember(this.held, id, plan.held > 0);
    const isUnasked = judged.some(({ result }) => result.rejected.some(({ filter }) => filter === "scheduler"));
    this.deadlines.set(id, plan.wakeAt);
    if (isUnasked) this.deadlines.add(id, now + SCHEDULER_MS);
  }

  forget(id: string): void {
    for (const set of [this.watched, this.unplaced, this.held]) set.delete(id);
    this.deadlines.set(id, undefined);
  }
}

function setMember(set: Set<string>, id: string, isMember: boolean): void {
  if (isMember) set.add(id);
  else set.delete(id);
}
