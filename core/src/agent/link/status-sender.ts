import { errorText, type Logger } from "@damson/plugin-sdk";
import type { Agent } from "../agent.ts";
import { assignmentOf } from "../document.ts";
import type { Refusal } from "./assignments.ts";
import { GatedWorker } from "./gated-worker.ts";
import { isFinal } from "./is-final.ts";
import type { LinkLedger } from "./link-record.ts";
import type { ControllerApi, StatusReport } from "./protocol.ts";
import { exitReports, refusalReport, stateReport } from "./status-report.ts";

const COLLECT_MS = 200;
const MAX_BATCH = 1_000;
/** A controller takes bodies of 1 MiB. */
const MAX_CHARACTERS = 500_000;

/** What a {@link StatusSender} needs. */
export interface StatusSenderParts {
  readonly agent: Agent;
  readonly api: ControllerApi;
  readonly ledger: LinkLedger;
  readonly log: Logger;
  refused(): ReadonlyMap<string, Refusal>;
  /** Whether another controller's store has assigned the app: this one knows nothing of it. */
  isLeft(name: string): boolean;
}

/** The reports of one instance that are sent together. */
interface Parcel {
  readonly name: string;
  readonly reports: readonly StatusReport[];
  /** What was last told of its state, to tell it only once. */
  readonly state: string | undefined;
  readonly toldRun: number | undefined;
}

/**
 * Tells the controller how the assigned instances are. The queue is what is on disk of the apps anyway: their state now,
 * and their last 50 ends; the ledger has which ends were told. So nothing is lost by a crash, and nothing grows during an
 * outage. An end may be told twice when the agent dies between the answer and the note of it.
 */
export class StatusSender {
  readonly #parts: StatusSenderParts;
  readonly #worker: GatedWorker;
  readonly #waiting = new Set<string>();
  /** By instance, the state that was told since the agent was started. */
  readonly #told = new Map<string, string>();
  #unlisten: () => void = () => undefined;

  constructor(parts: StatusSenderParts) {
    this.#parts = parts;
    this.#worker = new GatedWorker({
      collectMs: COLLECT_MS,
      work: (signal) => this.#send(signal),
      failed: (reason, attempt) => {
        if (attempt === 1) parts.log.warn(`Statuses wait, since they cannot be sent: ${reason}`);
      },
    });
  }

  /** Instances of which something is still to be told. */
  get queued(): number {
    return this.#waiting.size;
  }

  open(): void {
    this.#worker.open();
  }

  close(): void {
    this.#worker.close();
  }

  /** Looks at the instance again. */
  note(name: string): void {
    this.#waiting.add(name);
    this.#worker.poke();
  }

  /** Whoever answers from now on may know nothing. */
  tellAll(): void {
    this.#told.clear();
    for (const app of this.#parts.agent.apps()) this.note(app.name);
    for (const name of this.#parts.refused().keys()) this.note(name);
  }

  async run(signal: AbortSignal): Promise<void> {
    this.#unlisten = this.#parts.agent.onChange(({ name, document }) => {
      // What is deleted is noted too: its marks go.
      if (assignmentOf(document.value)) this.note(name);
    });
    this.tellAll();
    await this.#worker.run(signal).finally(() => this.#unlisten());
  }

  async #send(signal: AbortSignal): Promise<void> {
    while (this.#waiting.size > 0 && this.#worker.isOpen && !signal.aborted) {
      const parcels = this.#take();
      const reports = parcels.flatMap((parcel) => parcel.reports);
      if (reports.length === 0) continue;
      try {
        await this.#post(reports, signal);
      } catch (thrown) {
        if (!isFinal(thrown)) {
          for (const { name } of parcels) this.#waiting.add(name);
          throw thrown;
        }
        // Sent again it would be refused again; the next change of an instance is told anew.
        this.#parts.log.error(`The controller refuses statuses, which are dropped: ${errorText(thrown)}`);
      }
      await this.#noteTold(parcels);
    }
  }

  async #post(reports: readonly StatusReport[], signal: AbortSignal): Promise<void> {
    const { agent, api, ledger } = this.#parts;
    const first = await ledger.takeSeqs(reports.length);
    const statuses = reports.map((report, index) => ({ ...report, seq: first + index }));
    await api.report(agent.identity.nodeId, statuses, signal);
  }

  /** As much as goes into one batch. */
  #take(): Parcel[] {
    const parcels: Parcel[] = [];
    let count = 0;
    let characters = 0;
    for (const name of this.#waiting) {
      const parcel = this.#parcel(name);
      count += parcel.reports.length;
      characters += JSON.stringify(parcel.reports).length;
      if (parcels.length > 0 && (count > MAX_BATCH || characters > MAX_CHARACTERS)) break;
      this.#waiting.delete(name);
      parcels.push(parcel);
    }
    return parcels;
  }

  #parcel(name: string): Parcel {
    const { agent, isLeft, ledger, refused } = this.#parts;
    const now = new Date();
    const app = agent.find(name);
    const refusal = refused().get(name);
    const isOurs = app && assignmentOf(app.document.value) && !isLeft(name);
    const assigned = isOurs ? app : undefined;
    if (!assigned) this.#told.delete(name);
    const exits = assigned ? exitReports(assigned, ledger.value.told[name] ?? 0) : [];
    const state = assigned ? stateReport(assigned, refusal, now) : refusal && refusalReport(name, refusal, now);
    const { tsUnix: _, ...facts } = state ?? { tsUnix: 0 };
    const text = state && JSON.stringify(facts);
    const isNews = state !== undefined && (exits.length > 0 || this.#told.get(name) !== text);
    return {
      name,
      reports: [...exits.map(({ run: _run, ...report }) => report), ...(isNews ? [state] : [])],
      state: text,
      toldRun: exits.at(-1)?.run,
    };
  }

  async #noteTold(parcels: readonly Parcel[]): Promise<void> {
    const { agent, ledger } = this.#parts;
    for (const { name, state } of parcels) if (state !== undefined) this.#told.set(name, state);
    const news = parcels.filter(({ toldRun }) => toldRun !== undefined);
    if (news.length === 0) return;
    await ledger.update((record) => {
      const told = Object.entries(record.told).filter(([name]) => agent.find(name));
      for (const { name, toldRun } of news) if (toldRun !== undefined) told.push([name, toldRun]);
      return { ...record, told: Object.fromEntries(told) };
    });
  }
}
