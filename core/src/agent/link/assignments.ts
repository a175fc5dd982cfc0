import { DamsonError, isDamsonError, type Logger } from "@damson/plugin-sdk";
import pLimit from "p-limit";
import { compileSchema, issuesSummary } from "../../schema/index.ts";
import type { Agent } from "../agent.ts";
import { assignmentOf, revisionOf } from "../document.ts";
import { errorSentences } from "../error-sentences.ts";
import { ApplyRequest, type AppSpec } from "../schema/apply.ts";
import { hashesOf, settingsOf, toSpec } from "../spec.ts";
import { waitFor } from "../wait.ts";
import type { LinkLedger } from "./link-record.ts";
import type { AssignmentItem, AssignmentList } from "./protocol.ts";
import { takeOn } from "./take-on.ts";

/** How many assignments are applied at once. */
const AT_ONCE = 16;

/** Longest time given to what has to end before anything else begins, beyond which one app would hold up all others. */
const LONGEST_GRACE_MS = 60_000;
const BEYOND_GRACE_MS = 5_000;

const checker = compileSchema(ApplyRequest);

/** An assignment that cannot be carried out, and why. */
export interface Refusal {
  readonly reason: string;
  readonly specVersion: number;
}

/** What the carrying out of a list needs. */
export interface AssignmentsParts {
  readonly agent: Agent;
  readonly ledger: LinkLedger;
  readonly log: Logger;
  /** Told of apps that another store has assigned, and that are kept. */
  storeReplaced(earlier: string | undefined, controllerId: string, kept: readonly string[]): void;
  /** Told when the refusal of an instance has come, changed or gone. */
  refusalChanged(instanceId: string): void;
}

/** Brings the agent's assigned apps in line with a controller's list. */
export class Assignments {
  readonly #parts: AssignmentsParts;
  readonly #refused = new Map<string, Refusal>();
  #seen: { readonly controllerId: string; readonly revision: number } | undefined;

  constructor(parts: AssignmentsParts) {
    this.#parts = parts;
  }

  /** The newest list that was carried out since the agent was started. */
  get seen(): { readonly controllerId: string; readonly revision: number } | undefined {
    return this.#seen;
  }

  get refused(): ReadonlyMap<string, Refusal> {
    return this.#refused;
  }

  /**
   * Ends what is no longer this node's, and then begins what is. Whatever interrupts it, the next call completes it.
   *
   * @returns `stale` for a list that is passed over; `unfinished` when part of it has to be tried again
   * @throws DamsonError `STATE_WRITE_FAILED`
   */
  async carryOut(list: AssignmentList, signal: AbortSignal): Promise<"done" | "unfinished" | "stale"> {
    const { agent, ledger } = this.#parts;
    const earlier = ledger.value.controllerId;
    const { controllerId, revision } = list;
    const taken = takeOn(list, ledger.value, this.#assigned(), agent.identity.nodeId);
    if (!taken) return "stale";
    // Before anything is done: after a crash, an older list must not undo what was begun.
    await ledger.takeOn(taken.record);
    if (taken.isAnother && (earlier !== undefined || taken.left.length > 0)) {
      this.#parts.storeReplaced(earlier, controllerId, taken.left);
    }
    await this.#end(taken.gone, signal);
    if (signal.aborted) return "unfinished";
    agent.releaseAssigned();
    this.#forgetRefusals(list);
    const limit = pLimit(AT_ONCE);
    const applied = await Promise.all(list.items.map((item) => limit(() => this.#apply(item, controllerId, signal))));
    if (signal.aborted) return "unfinished";
    this.#seen = { controllerId, revision };
    return applied.every(Boolean) ? "done" : "unfinished";
  }

  /** By app, the store that assigned it. */
  #assigned(): Map<string, string | undefined> {
    const assigned = new Map<string, string | undefined>();
    for (const { name, document } of this.#parts.agent.apps()) {
      const assignment = assignmentOf(document.value);
      if (assignment) assigned.set(name, assignment.controller_id);
    }
    return assigned;
  }

  async #end(names: readonly string[], signal: AbortSignal): Promise<void> {
    const { agent, log } = this.#parts;
    await Promise.all(
      names.map(async (name) => {
        const app = agent.find(name);
        if (!app) return;
        const { value } = app.document;
        const { graceMs } = settingsOf(revisionOf(value, value.current).spec).stop;
        log.info({ app: name }, "It is no longer assigned to this node: it is stopped and deleted");
        await agent.delete(name);
        const ms = Math.min(graceMs, LONGEST_GRACE_MS) + BEYOND_GRACE_MS;
        await waitFor(agent, name, { wanted: "deleted" }, ms, signal).catch((thrown: unknown) => {
          log.warn(
            { app: name },
            `It is not gone yet, and other apps wait for it no longer: ${errorSentences(thrown)}`,
          );
        });
      }),
    );
  }

  #forgetRefusals({ items }: AssignmentList): void {
    const listed = new Set(items.map(({ instanceId }) => instanceId));
    for (const instanceId of this.#refused.keys()) if (!listed.has(instanceId)) this.#refused.delete(instanceId);
  }

  /** @returns whether it is as it should be */
  async #apply(item: AssignmentItem, controllerId: string, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false;
    try {
      const desired = item.desired === "Running" ? "running" : "stopped";
      const spec = specOf(item, controllerId);
      if (!this.#isDeclared(spec, desired)) await this.#parts.agent.apply(spec, desired);
      if (this.#refused.delete(item.instanceId)) this.#parts.refusalChanged(item.instanceId);
      return true;
    } catch (thrown) {
      this.#refuse(item, errorSentences(thrown), isDamsonError(thrown) && thrown.status < 500);
      if (item.desired === "Stopped") await this.#stop(item.instanceId);
      return false;
    }
  }

  /** Whatever is wrong with the newer document, an older one does not go on. */
  async #stop(instanceId: string): Promise<void> {
    const { agent, log } = this.#parts;
    const document = agent.find(instanceId)?.document.value;
    if (document?.desired !== "running" || !assignmentOf(document)) return;
    await agent.stop(instanceId).catch((thrown: unknown) => {
      log.error({ app: instanceId }, `It was not stopped: ${errorSentences(thrown)}`);
    });
  }

  #isDeclared(spec: AppSpec, desired: "running" | "stopped"): boolean {
    const document = this.#parts.agent.find(spec.app)?.document.durable;
    if (document?.desired !== desired) return false;
    return revisionOf(document, document.current).hash === hashesOf(spec).hash;
  }

  #refuse({ instanceId, specVersion }: AssignmentItem, reason: string, isRefusal: boolean): void {
    const known = this.#refused.get(instanceId);
    if (known?.reason === reason && known.specVersion === specVersion) return;
    this.#refused.set(instanceId, { reason, specVersion });
    const word = isRefusal ? "refused" : "not carried out";
    this.#parts.log.error({ app: instanceId, spec_version: specVersion }, `Its assignment was ${word}: ${reason}`);
    this.#parts.refusalChanged(instanceId);
  }
}

/**
 * What an assignment says, marked as that of the store whose list it is on.
 *
 * @throws DamsonError when the document is not one that this agent can take
 */
function specOf({ instanceId, apply }: AssignmentItem, controllerId: string): AppSpec {
  if (!checker.accepts(apply)) {
    const issues = checker.check(apply, { hide: ([first, second]) => first === "pkg" && second === "environment" });
    throw new DamsonError("BODY_INVALID", `The apply document is not valid: ${issuesSummary(issues)}`, {
      status: 400,
      issues,
    });
  }
  const spec = toSpec(apply);
  const { assignment } = spec;
  if (assignment?.instance_id === instanceId) {
    return { ...spec, assignment: { ...assignment, controller_id: controllerId } };
  }
  throw new DamsonError("BODY_INVALID", "The apply document is not that of its assignment", { status: 400 });
}
