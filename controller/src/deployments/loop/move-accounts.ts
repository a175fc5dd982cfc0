import type { Assignment } from "../../model/assignment.ts";
import type { Objects } from "../../objects/objects.ts";

const MINUTE_MS = 60_000;

/** Where instances are on the way, and where some may go back to; kept up to date with each change of an assignment. */
export class MoveAccounts {
  readonly #objects: Objects;
  /** How many instances replace an instance. */
  readonly #replacements = new Map<string, number>();
  /** By home, how many instances each deployment has away from it. */
  readonly #away = new Map<string, Map<string, number>>();
  /** When instances went back, in milliseconds since 1970, in order. */
  #failbacks: number[] = [];

  /** Before the objects are followed. */
  constructor(objects: Objects) {
    this.#objects = objects;
    for (const { value } of objects.assignments.all()) this.#enter(undefined, value);
    objects.assignments.onChange(({ before, now }) => this.#enter(before?.value, now?.value));
  }

  /** How many instances of a node are on the way to another one. */
  movingFrom(nodeId: string): number {
    const rows = this.#objects.assignmentsByNode.of(nodeId);
    return rows.filter(({ id, value }) => !value.removing && this.#replacements.has(id)).length;
  }

  /** Deployments that have instances away from this home. */
  deploymentsAwayFrom(home: string): string[] {
    return [...(this.#away.get(home)?.keys() ?? [])];
  }

  /** How many instances have gone back in the minute before `now`, and when the first of them is no longer counted. */
  failbacksBefore(now: number): { readonly count: number; readonly until: number } {
    // What is later than now is of a clock that was set back since.
    this.#failbacks = this.#failbacks.filter((at) => at > now - MINUTE_MS && at <= now);
    return { count: this.#failbacks.length, until: (this.#failbacks[0] ?? now) + MINUTE_MS };
  }

  #enter(before: Assignment | undefined, now: Assignment | undefined): void {
    const replacedBefore = before?.removing ? undefined : before?.replaces;
    const replaced = now?.removing ? undefined : now?.replaces;
    if (replacedBefore !== undefined) count(this.#replacements, replacedBefore, -1);
    if (replaced !== undefined) count(this.#replacements, replaced, 1);
    if (before) this.#enterHome(before, -1);
    if (now) this.#enterHome(now, 1);
    if (now && !before && now.why.cause === "failback") this.#failbacks.push(Date.parse(now.createdAt));
  }

  #enterHome({ home, nodeId, deploymentId, removing }: Assignment, sign: 1 | -1): void {
    if (home === undefined || home === nodeId || removing) return;
    const deployments = this.#away.get(home) ?? new Map<string, number>();
    count(deployments, deploymentId, sign);
    if (deployments.size > 0) this.#away.set(home, deployments);
    else this.#away.delete(home);
  }
}

function count(counts: Map<string, number>, key: string, sign: 1 | -1): void {
  const next = (counts.get(key) ?? 0) + sign;
  if (next > 0) counts.set(key, next);
  else counts.delete(key);
}
