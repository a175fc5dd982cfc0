import type { ProblemError } from "@damson/client";
import type { Logger } from "@damson/plugin-sdk";
import type { Agent } from "../agent.ts";
import { assignmentOf } from "../document.ts";
import type { ControllerStatus } from "../schema/controller.ts";
import { GatedWorker } from "./gated-worker.ts";
import { Lease } from "./lease.ts";
import type { LinkLedger } from "./link-record.ts";
import { ListSync } from "./list-sync.ts";
import { remainingInstances } from "./node-facts.ts";
import type { ControllerApi, HeartbeatAnswer, Seen } from "./protocol.ts";
import { ServiceRegistrar } from "./service-registrar.ts";
import { StartHold } from "./start-hold.ts";
import { StatusSender } from "./status-sender.ts";

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
  readonly #list: ListSync;
  readonly #statuses: StatusSender;
  readonly #services: ServiceRegistrar;
  readonly #stream: GatedWorker;
  readonly #hold: StartHold;
  readonly #ended = new AbortController();
  #running: Promise<unknown> = Promise.resolve();
  #ip: string | undefined;
  #isTold = false;

  constructor(parts: LinkParts) {
    this.#parts = parts;
    const { agent, api, ledger, log } = parts;
    const isLeft = (name: string): boolean => this.hasLeft(name);
    this.#statuses = new StatusSender({ agent, api, ledger, log, isLeft, refused: () => this.#list.refused });
    this.#services = new ServiceRegistrar({ agent, api, log, isLeft, ip: () => this.#ip });
    this.#list = new ListSync({
      ...{ agent, api, ledger, log, againMs: parts.againMs },
      brought: () => this.#listBrought(),
      refusalChanged: (instanceId) => this.#statuses.note(instanceId),
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
    const loops = [this.#lease, this.#list, this.#stream, this.#statuses, this.#services];
    this.#running = Promise.all(loops.map((loop) => loop.run(signal)));
    const { agent } = this.#parts;
    const unlisten = [
      // A controller that waits for an instance to be gone is told at once, and so is one that looks for a runtime.
      agent.onChange((app) => {
        if (!agent.find(app.name)) this.#lease.hurry();
      }),
      agent.onRuntimesChange(() => this.#lease.hurry()),
    ];
    signal.addEventListener("abort", () => unlisten.map((end) => end()));
  }

  /** Ends the link; apps go on. Resolves when nothing of it is under way. */
  async stop(): Promise<void> {
    this.#ended.abort();
    this.#hold.end();
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
    const reason = this.#lease.reason ?? this.#list.reason;
    const { controllerId } = ledger.value;
    const { seen } = this.#list;
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
    this.#list.open();
    this.#stream.open();
  }

  #lost(refusal: ProblemError | undefined, reason: string): void {
    const { agent, log, url } = this.#parts;
    this.#list.close();
    this.#stream.close();
    this.#statuses.close();
    this.#services.close();
    if (refusal)
      log.error({ controller: url, code: refusal.problem.code }, `The controller refuses this node: ${reason}`);
    else log.warn({ controller: url }, `The controller is not reached: ${reason}. What is assigned goes on`);
    agent.events.publish({ type: refusal ? "controller.refused" : "controller.lost", message: reason });
  }

  #answered({ controllerId, revision }: HeartbeatAnswer): void {
    const { seen } = this.#list;
    if (seen?.controllerId !== controllerId || seen.revision !== revision) this.#list.poke();
  }

  #listBrought(): void {
    this.#hold.heard();
    this.#lease.hurry();
    if (this.#isTold) return;
    this.#isTold = true;
    this.#statuses.tellAll();
    this.#services.tellAll();
    this.#statuses.open();
    this.#services.open();
  }

  /** A stream that begins may have missed what it would have told of. */
  async #followNudges(signal: AbortSignal): Promise<void> {
    const { api, agent } = this.#parts;
    for await (const _ of api.nudges(agent.identity.nodeId, signal)) this.#list.poke();
    throw new Error("the connection was closed");
  }

  #seen(): Seen | undefined {
    const { seen } = this.#list;
    const instances = remainingInstances(this.#parts.agent);
    return seen && instances.length <= MAX_SEEN ? { ...seen, instances } : undefined;
  }
}
