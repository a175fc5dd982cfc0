import type { ProblemError } from "@damson/client";
import type { Logger } from "@damson/plugin-sdk";
import type { Agent } from "../agent.ts";
import type { App } from "../app.ts";
import { assignmentOf } from "../document.ts";
import type { ControllerStatus } from "../schema/controller.ts";
import { Assignments } from "./assignments.ts";
import { GatedWorker } from "./gated-worker.ts";
import { Lease } from "./lease.ts";
import type { LinkLedger } from "./link-record.ts";
import { remainingInstances } from "./node-facts.ts";
import type { AssignmentItem, AssignmentList, ControllerApi, HeartbeatAnswer, Seen } from "./protocol.ts";
import { ServiceRegistrar } from "./service-registrar.ts";
import { StartHold } from "./start-hold.ts";
import { StatusSender } from "./status-sender.ts";

/** What could not be carried out, or was undone meanwhile, is brought about again after this. */
const AGAIN_MS = 30_000;

/** More instances than a heartbeat takes: told of some of them only, the controller would take the rest for gone. */
const MAX_SEEN = 10_000;

/** What a {@link ControllerLink} needs. */
export interface LinkParts {
  readonly agent: Agent;
  readonly api: ControllerApi;
  readonly ledger: LinkLedger;
  readonly log: Logger;
  readonly url: string;
  /** What the node says of itself beside its assignments; asked before every heartbeat. */
  facts(): Promise<NodeDescription>;
  /** How long assigned apps that do not run wait for the controller. @default 30 s */
  readonly holdMs?: number | undefined;
  /** How soon a list is carried out again of which something is not as it should be. @default 30 s */
  readonly againMs?: number | undefined;
}

/** What a node says of itself. */
export interface NodeDescription {
  readonly ip: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly version: string;
  readonly url: string;
  readonly capacity: { readonly cpu?: number; readonly memory?: number };
}

/**
 * The agent's side of the link to a controller: it registers the node and keeps its lease, brings about what is assigned
 * to it, and tells what became of that. While the controller is away, the assigned apps go on as they are.
 *
 * With each connection first the list is carried out, and only then statuses and services are told: what this node has
 * lost meanwhile may run elsewhere by now.
 */
export class ControllerLink {
  readonly #parts: LinkParts;
  readonly #lease: Lease;
  readonly #assignments: Assignments;
  readonly #statuses: StatusSender;
  readonly #services: ServiceRegistrar;
  readonly #sync: GatedWorker;
  readonly #stream: GatedWorker;
  readonly #hold: StartHold;
  readonly #ended = new AbortController();
  #running: Promise<unknown> = Promise.resolve();
  #etag: string | undefined;
  #list: AssignmentList | undefined;
  #items: ReadonlyMap<string, AssignmentItem> = new Map();
  #unfinished: NodeJS.Timeout | undefined;
  /** Why the last list was not brought about. */
  #trouble: string | undefined;
  /** Of a list that was passed over. */
  #stale: string | undefined;
  #ip: string | undefined;
  #isTold = false;

  constructor(parts: LinkParts) {
    this.#parts = parts;
    const { agent, api, ledger, log } = parts;
    this.#assignments = new Assignments({
      agent,
      ledger,
      log,
      storeReplaced: (earlier, controllerId, kept) => this.#storeReplaced(earlier, controllerId, kept),
      refusalChanged: (instanceId) => this.#statuses.note(instanceId),
    });
    const isLeft = (name: string): boolean => this.hasLeft(name);
    this.#statuses = new StatusSender({ agent, api, ledger, log, isLeft, refused: () => this.#assignments.refused });
    this.#services = new ServiceRegistrar({ agent, api, log, isLeft, ip: () => this.#ip });
    this.#sync = new GatedWorker({
      work: (signal) => this.#fetchList(signal),
      failed: (reason) => {
        this.#trouble = `the assignments were not brought about: ${reason}`;
        log.warn(`The controller is connected, but ${this.#trouble}`);
      },
    });
    this.#stream = new GatedWorker({
      work: (signal) => this.#followNudges(signal),
      failed: (reason, attempt) => {
        if (attempt === 1)
          log.info(`The controller's stream ended (${reason}); heartbeats tell of changes until it is back`);
      },
    });
    this.#lease = new Lease({
      api,
      agent,
      facts: async () => {
        const { ip, ...facts } = await parts.facts();
        this.#ip = ip;
        const seen = this.#seen();
        return { ...facts, ip, ...(seen ? { seen } : {}) };
      },
      gained: () => this.#gained(),
      lost: (refusal, reason) => this.#lost(refusal, reason),
      answered: (answer) => this.#answered(answer),
    });
    this.#hold = new StartHold({
      ms: parts.holdMs,
      isTaken: () => this.#lease.code === "NODE_ID_TAKEN",
      release: () => agent.releaseAssigned(),
      log,
      url: parts.url,
    });
  }

  start(): void {
    const { signal } = this.#ended;
    this.#hold.begin();
    const loops = [this.#lease, this.#sync, this.#stream, this.#statuses, this.#services];
    this.#running = Promise.all(loops.map((loop) => loop.run(signal)));
    const { agent } = this.#parts;
    const unlisten = [
      // A controller that waits for an instance to be gone is told at once, and so is one that looks for a runtime.
      agent.onChange((app) => {
        if (!agent.find(app.name)) this.#lease.hurry();
        if (this.#isUndone(app)) this.#carryOutAgain();
      }),
      agent.onRuntimesChange(() => {
        this.#lease.hurry();
        if (this.#unfinished) this.#sync.poke();
      }),
    ];
    signal.addEventListener("abort", () => unlisten.map((end) => end()));
  }

  /** Ends the link; apps go on. Resolves when nothing of it is under way. */
  async stop(): Promise<void> {
    this.#ended.abort();
    this.#hold.end();
    clearTimeout(this.#unfinished);
    await this.#running;
  }

  /** Whether another store assigned the app, so that it is for people to decide about. */
  hasLeft(name: string): boolean {
    const { agent, ledger } = this.#parts;
    const { controllerId } = ledger.value;
    const app = agent.find(name);
    const assignment = app && assignmentOf(app.document.value);
    return controllerId !== undefined && assignment !== undefined && assignment.controller_id !== controllerId;
  }

  status(): ControllerStatus {
    const { agent, url, ledger } = this.#parts;
    const { state, lastContact } = this.#lease;
    const reason = this.#lease.reason ?? this.#trouble ?? this.#stale;
    const { controllerId } = ledger.value;
    const seen = this.#assignments.seen;
    return {
      url,
      state,
      ...(reason === undefined ? {} : { reason }),
      ...(lastContact ? { last_contact: lastContact.toISOString() } : {}),
      ...(controllerId === undefined ? {} : { controller_id: controllerId }),
      ...(seen ? { revision: seen.revision } : {}),
      queued_statuses: this.#statuses.queued,
      ...(this.#hold.isHolding ? { waiting: true as const } : {}),
      left: agent
        .apps()
        .filter(({ name }) => this.hasLeft(name))
        .map(({ name }) => name),
    };
  }

  #gained(): void {
    const { agent, log, url } = this.#parts;
    log.info({ controller: url }, "Connected to the controller");
    agent.events.publish({ type: "controller.connected", message: url });
    // Also after the agent itself was asleep for longer than its lease.
    this.#statuses.close();
    this.#services.close();
    this.#isTold = false;
    this.#sync.open();
    this.#stream.open();
  }

  #lost(refusal: ProblemError | undefined, reason: string): void {
    const { agent, log, url } = this.#parts;
    this.#sync.close();
    this.#stream.close();
    this.#statuses.close();
    this.#services.close();
    if (refusal)
      log.error({ controller: url, code: refusal.problem.code }, `The controller refuses this node: ${reason}`);
    else log.warn({ controller: url }, `The controller is not reached: ${reason}. What is assigned goes on`);
    agent.events.publish({ type: refusal ? "controller.refused" : "controller.lost", message: reason });
  }

  #answered({ controllerId, revision }: HeartbeatAnswer): void {
    const { seen } = this.#assignments;
    if (seen?.controllerId !== controllerId || seen.revision !== revision) this.#sync.poke();
  }

  async #fetchList(signal: AbortSignal): Promise<void> {
    const { api, agent } = this.#parts;
    const fetched = await api.assignments(agent.identity.nodeId, this.#etag, signal);
    if (fetched) {
      this.#etag = undefined;
      this.#list = fetched.list;
      this.#items = new Map(fetched.list.items.map((item) => [item.instanceId, item]));
    }
    if (this.#list && (fetched || this.#unfinished)) await this.#carryOut(this.#list, signal);
    if (signal.aborted) return;
    this.#trouble = undefined;
    if (fetched) this.#etag = fetched.etag;
    this.#hold.heard();
    this.#lease.hurry();
    if (this.#isTold) return;
    this.#isTold = true;
    this.#statuses.tellAll();
    this.#services.tellAll();
    this.#statuses.open();
    this.#services.open();
  }

  async #carryOut(list: AssignmentList, signal: AbortSignal): Promise<void> {
    clearTimeout(this.#unfinished);
    this.#unfinished = undefined;
    const outcome = await this.#assignments.carryOut(list, signal);
    this.#noteStale(outcome === "stale" ? list : undefined);
    if (outcome === "unfinished" && !signal.aborted) this.#carryOutAgain();
  }

  #carryOutAgain(): void {
    const ms = (this.#parts.againMs ?? AGAIN_MS) * (0.8 + 0.4 * Math.random());
    this.#unfinished ??= setTimeout(() => this.#sync.poke(), ms).unref();
  }

  /** Whoever names its assignment may change an app here, and so may a controller that calls this agent. */
  #isUndone({ name, document }: App): boolean {
    const item = this.#items.get(name);
    if (!item) return false;
    const desired = item.desired === "Running" ? "running" : "stopped";
    return !this.#parts.agent.find(name) || document.value.desired !== desired;
  }

  /** A stream that begins may have missed what it would have told of. */
  async #followNudges(signal: AbortSignal): Promise<void> {
    const { api, agent } = this.#parts;
    for await (const _ of api.nudges(agent.identity.nodeId, signal)) this.#sync.poke();
    throw new Error("the connection was closed");
  }

  #seen(): Seen | undefined {
    const { seen } = this.#assignments;
    const instances = remainingInstances(this.#parts.agent);
    return seen && instances.length <= MAX_SEEN ? { ...seen, instances } : undefined;
  }

  #noteStale(list: AssignmentList | undefined): void {
    const before = this.#stale;
    const { revision } = this.#parts.ledger.value;
    this.#stale =
      list &&
      `its list (revision ${list.revision}) is older than one that was carried out (revision ${revision}), and is passed ` +
        "over; where its store was brought back from a backup, remove controller.json from the work directory and " +
        "restart the agent: what the backup does not list ends then";
    if (this.#stale !== undefined && this.#stale !== before)
      this.#parts.log.error(`The controller is behind: ${this.#stale}`);
  }

  #storeReplaced(earlier: string | undefined, controllerId: string, kept: readonly string[]): void {
    const { agent, log } = this.#parts;
    const from = earlier === undefined ? "no store that this agent knew" : `the store ${earlier}`;
    const message =
      `The controller's store is ${controllerId}; before, it was ${from}. ` +
      (kept.length === 0
        ? "It lists every app that was assigned here."
        : `${kept.length} assigned apps are not on its list; they go on, and are yours to delete: ${shown(kept)}`);
    log.error({ controller_id: controllerId, earlier, kept: [...kept] }, message);
    agent.events.publish({ type: "controller.replaced", message });
  }
}

function shown(names: readonly string[]): string {
  return names.length <= 10 ? names.join(", ") : `${names.slice(0, 10).join(", ")} and ${names.length - 10} more`;
}
