import type { Logger } from "@damson/plugin-sdk";
import type { Agent } from "../agent.ts";
import type { App } from "../app.ts";
import { Assignments, type Refusal } from "./assignments.ts";
import { GatedWorker } from "./gated-worker.ts";
import type { LinkLedger } from "./link-record.ts";
import type { AssignmentItem, AssignmentList, ControllerApi } from "./protocol.ts";

/** What could not be carried out, or was undone meanwhile, is brought about again after this. */
const AGAIN_MS = 30_000;

/** What a {@link ListSync} needs. */
export interface ListSyncParts {
  readonly agent: Agent;
  readonly api: ControllerApi;
  readonly ledger: LinkLedger;
  readonly log: Logger;
  /** @default 30 s */
  readonly againMs?: number | undefined;
  /** The newest list is carried out, as far as that can be. */
  brought(): void;
  /** Told when the refusal of an instance has come, changed or gone. */
  refusalChanged(instanceId: string): void;
}

/** Fetches the node's list, and has it carried out: when it is poked, and again where something of it is not so. */
export class ListSync {
  readonly #parts: ListSyncParts;
  readonly #assignments: Assignments;
  readonly #worker: GatedWorker;
  #etag: string | undefined;
  #list: AssignmentList | undefined;
  #items: ReadonlyMap<string, AssignmentItem> = new Map();
  /** Set while the list that is known is to be carried out again. */
  #again: NodeJS.Timeout | undefined;
  #trouble: string | undefined;
  /** Of a list that was passed over. */
  #stale: string | undefined;

  constructor(parts: ListSyncParts) {
    this.#parts = parts;
    this.#assignments = new Assignments({
      ...parts,
      storeReplaced: (earlier, controllerId, kept) => this.#storeReplaced(earlier, controllerId, kept),
    });
    this.#worker = new GatedWorker({
      work: (signal) => this.#fetch(signal),
      failed: (reason) => {
        this.#trouble = `the assignments were not brought about: ${reason}`;
        parts.log.warn(`The controller is connected, but ${this.#trouble}`);
      },
    });
  }

  /** The newest list that was carried out since the agent was started. */
  get seen(): { readonly controllerId: string; readonly revision: number } | undefined {
    return this.#assignments.seen;
  }

  get refused(): ReadonlyMap<string, Refusal> {
    return this.#assignments.refused;
  }

  /** What is not in order. */
  get reason(): string | undefined {
    return this.#trouble ?? this.#stale;
  }

  open(): void {
    this.#worker.open();
  }

  close(): void {
    this.#worker.close();
  }

  /** The list may be another one. */
  poke(): void {
    this.#worker.poke();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { agent } = this.#parts;
    const unlisten = [
      agent.onChange((app) => {
        if (this.#isUndone(app)) this.#carryOutAgain();
      }),
      // What was refused may be possible now.
      agent.onRuntimesChange(() => {
        if (this.#again) this.poke();
      }),
    ];
    await this.#worker.run(signal);
    for (const end of unlisten) end();
    clearTimeout(this.#again);
  }

  async #fetch(signal: AbortSignal): Promise<void> {
    const { agent, api } = this.#parts;
    const fetched = await api.assignments(agent.identity.nodeId, this.#etag, signal);
    if (fetched) {
      this.#etag = undefined;
      this.#list = fetched.list;
      this.#items = new Map(fetched.list.items.map((item) => [item.instanceId, item]));
    }
    if (this.#list && (fetched || this.#again)) await this.#carryOut(this.#list, signal);
    if (signal.aborted) return;
    this.#trouble = undefined;
    if (fetched) this.#etag = fetched.etag;
    this.#parts.brought();
  }

  async #carryOut(list: AssignmentList, signal: AbortSignal): Promise<void> {
    clearTimeout(this.#again);
    this.#again = undefined;
    const outcome = await this.#assignments.carryOut(list, signal);
    this.#noteStale(outcome === "stale" ? list : undefined);
    if (outcome === "unfinished" && !signal.aborted) this.#carryOutAgain();
  }

  #carryOutAgain(): void {
    const ms = (this.#parts.againMs ?? AGAIN_MS) * (0.8 + 0.4 * Math.random());
    this.#again ??= setTimeout(() => this.poke(), ms).unref();
  }

  /** Whoever names its assignment may change an app here, and so may a controller that calls this agent. */
  #isUndone({ name, document }: App): boolean {
    const item = this.#items.get(name);
    if (!item) return false;
    const desired = item.desired === "Running" ? "running" : "stopped";
    return !this.#parts.agent.find(name) || document.value.desired !== desired;
  }

  #noteStale(list: AssignmentList | undefined): void {
    const { ledger, log } = this.#parts;
    const before = this.#stale;
    const { revision } = ledger.value;
    this.#stale =
      list &&
      `its list (revision ${list.revision}) is older than one that was carried out (revision ${revision}), and is passed ` +
        "over; where its store was brought back from a backup, remove controller.json from the work directory and " +
        "restart the agent: what the backup does not list ends then";
    if (this.#stale !== undefined && this.#stale !== before) log.error(`The controller is behind: ${this.#stale}`);
  }

  #storeReplaced(earlier: string | undefined, controllerId: string, kept: readonly string[]): void {
    const { agent, log } = this.#parts;
    const from = earlier === undefined ? "no store that this agent knew" : `the store ${earlier}`;
    const message =
      `The controller's store is ${controllerId}; before, it was ${from}. ` +
      (kept.length === 0
        ? "It lists every app that was assigned here."
        : `${kept.length} of the apps assigned here are not on its list; they go on, and are yours to delete: ${shown(kept)}`);
    log.error({ controller_id: controllerId, earlier, kept: [...kept] }, message);
    agent.events.publish({ type: "controller.replaced", message });
  }
}

function shown(names: readonly string[]): string {
  return names.length <= 10 ? names.join(", ") : `${names.slice(0, 10).join(", ")} and ${names.length - 10} more`;
}
