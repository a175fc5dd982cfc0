import type { PlacementNote } from "../../model/assignment.ts";
import { type Entry, entryOf } from "../../model/deployment.ts";
import { type Asked, askedFor, askScheduler, type Schedulers } from "./ask-scheduler.ts";
import type { Judged } from "./explanation.ts";
import type { NodeAccounts } from "./node-accounts.ts";
import type { Creation, Plan } from "./plan.ts";
import type { PlanView } from "./plan-view.ts";

/** A plan, with what it was made for. */
export interface Planned {
  readonly view: PlanView;
  readonly plan: Plan;
}

/** An instance that is to be made, with its node. */
export interface Placed {
  readonly creation: Creation;
  readonly nodeId: string;
  readonly why: PlacementNote;
}

/** A plan, with the nodes of what it makes. What found no node is left out. */
export interface PlacedPlan extends Planned {
  readonly placed: readonly Placed[];
  /** What schedulers said, where they could choose among all nodes. */
  readonly judged: readonly Judged[];
}

/**
 * Finds nodes for what several plans make. Each placement sees those before it, of whatever plan.
 *
 * @param reserved - takes how to end each reservation; they must stay until what was placed is in the objects
 */
export function placeAll(
  plans: readonly Planned[],
  { accounts, schedulers, reserved }: { accounts: NodeAccounts; schedulers: Schedulers; reserved: (() => void)[] },
): PlacedPlan[] {
  const results = plans.map((planned) => ({ ...planned, placed: [] as Placed[], judged: [] as Judged[] }));
  const take = (result: (typeof results)[number], placed: Placed): void => {
    result.placed.push(placed);
    const { deployment } = result.view;
    reserved.push(accounts.reserve(placed.nodeId, deployment.deploymentId, entryToMake(result, placed.creation)));
  };
  const asked: (Asked & { readonly result: (typeof results)[number] })[] = [];
  for (const result of results) {
    for (const creation of result.plan.creations) {
      const { nodeId, cause, text } = creation;
      if (nodeId !== undefined) take(result, { creation, nodeId, why: { cause, text } });
    }
    asked.push(...askedFor(result).map((one) => ({ ...one, result })));
  }
  for (const group of Map.groupBy(asked, ({ key }) => key).values()) {
    for (const [index, answer] of askScheduler(group, accounts, schedulers).entries()) {
      const one = group[index];
      if (!one) continue;
      for (const [at, choice] of answer.result.choices.entries()) {
        const creation = one.creations[at];
        if (!creation) break;
        const { nodeId, score, parts } = choice;
        const { cause, text } = creation;
        take(one.result, { creation, nodeId, why: { cause, text, scheduler: answer.scheduler, score, parts } });
      }
      if (one.only === undefined) one.result.judged.push(answer);
    }
  }
  return results;
}

function entryToMake({ view }: Planned, { specVersion, entry }: Creation): Entry | undefined {
  return entryOf(view.deployment, specVersion, entry);
}
