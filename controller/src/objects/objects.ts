import { setTimeout as delay } from "node:timers/promises";
import { errorText, type Logger, type Store, type StoreBatch, type StoreEntry } from "@damson/plugin-sdk";
import { type Kind, PREFIXES } from "../model/keys.ts";
import type { Kinds } from "../model/kinds.ts";
import { Collection, Index } from "./collection.ts";

const RETRY_MS = 1_000;
const RETRY_MAX_MS = 30_000;

/** What {@link Objects.open} needs. */
export interface ObjectsOptions {
  readonly store: Store;
  readonly log: Logger;
}

/**
 * Every object of the store in memory, kept up to date by one watch. What is read here may be a moment old; what is written
 * is guarded by revisions, so nothing is decided on what is no longer true.
 */
export class Objects {
  readonly nodes = new Collection<Kinds["nodes"]>();
  readonly nodeLeases = new Collection<Kinds["nodeLeases"]>();
  readonly schemas = new Collection<Kinds["schemas"]>();
  readonly artifacts = new Collection<Kinds["artifacts"]>();
  readonly deployments = new Collection<Kinds["deployments"]>();
  readonly deploymentNames = new Collection<Kinds["deploymentNames"]>();
  readonly explanations = new Collection<Kinds["explanations"]>();
  readonly assignments = new Collection<Kinds["assignments"]>();
  readonly statuses = new Collection<Kinds["statuses"]>();
  readonly endpoints = new Collection<Kinds["endpoints"]>();
  readonly operations = new Collection<Kinds["operations"]>();
  readonly assignmentsByNode = new Index(this.assignments, ({ nodeId }) => nodeId);
  readonly assignmentsByDeployment = new Index(this.assignments, ({ deploymentId }) => deploymentId);
  readonly #store: Store;
  readonly #log: Logger;
  readonly #end = new AbortController();
  readonly #waiting = new Set<{ readonly revision: number; readonly resolve: () => void }>();
  #revision = 0;
  #watching: Promise<void> = Promise.resolve();

  private constructor({ store, log }: ObjectsOptions) {
    this.#store = store;
    this.#log = log;
  }

  /** Reads all objects, and begins to watch. */
  static async open(options: ObjectsOptions): Promise<Objects> {
    const objects = new Objects(options);
    await objects.#read();
    return objects;
  }

  /** Begins to follow the store. Listeners of collections should be there before. */
  follow(): void {
    this.#watching = this.#watch();
  }

  /** Revision of the store that the objects are of. */
  get revision(): number {
    return this.#revision;
  }

  /** The collection of a kind. */
  of<K extends Kind>(kind: K): Collection<Kinds[K]> {
    // Each property has the type that its name stands for.
    return this[kind] as unknown as Collection<Kinds[K]>;
  }

  /** Resolves when the objects are of this revision or a later one, or they are closed. */
  async reached(revision: number): Promise<void> {
    if (this.#revision >= revision || this.#end.signal.aborted) return;
    await new Promise<void>((resolve) => this.#waiting.add({ revision, resolve }));
  }

  async close(): Promise<void> {
    this.#end.abort();
    this.#wake(Number.POSITIVE_INFINITY);
    await this.#watching;
  }

  /** Reads everything anew, and tells listeners of what differs. */
  async #read(): Promise<void> {
    const { entries, revision } = await this.#store.list("");
    const present = new Set(entries.map(({ key }) => key));
    for (const kind of KINDS) {
      for (const { id } of [...this.of(kind).all()]) {
        if (!present.has(PREFIXES[kind] + id)) this.of(kind).set(id, undefined);
      }
    }
    for (const entry of entries) this.#put(entry);
    this.#reach(revision);
  }

  async #watch(): Promise<void> {
    const { signal } = this.#end;
    for (let failures = 0; !signal.aborted; ) {
      try {
        for await (const batch of this.#store.watch("", this.#revision, signal)) {
          failures = 0;
          this.#take(batch);
        }
      } catch (thrown) {
        if (signal.aborted) return;
        failures += 1;
        this.#log.warn(`The store is watched anew: ${errorText(thrown)}`);
        const ms = Math.min(RETRY_MS * 2 ** (failures - 1), RETRY_MAX_MS) * (0.8 + 0.4 * Math.random());
        if (failures > 1) await delay(ms, undefined, { signal }).catch(() => undefined);
        await this.#read().catch((error: unknown) => this.#log.error(`The store cannot be read: ${errorText(error)}`));
      }
    }
  }

  #take({ events, revision }: StoreBatch): void {
    for (const event of events) {
      if (event.type === "put") this.#put(event.entry);
      else this.#forEachKind(event.key, (kind, id) => this.of(kind).set(id, undefined));
    }
    this.#reach(revision);
  }

  #put({ key, value, modRevision }: StoreEntry): void {
    this.#forEachKind(key, (kind, id) => {
      const known = this.of(kind).get(id);
      if (known?.revision === modRevision) return;
      // What the store holds was written by this program, or migrated by it.
      this.of(kind).set(id, { id, value: value as never, revision: modRevision });
    });
  }

  #forEachKind(key: string, work: (kind: Kind, id: string) => void): void {
    const kind = KIND_OF.get(key.slice(0, key.indexOf("/") + 1));
    if (kind) work(kind, key.slice(PREFIXES[kind].length));
  }

  #reach(revision: number): void {
    this.#revision = Math.max(this.#revision, revision);
    this.#wake(this.#revision);
  }

  #wake(revision: number): void {
    for (const waiting of this.#waiting) {
      if (waiting.revision > revision) continue;
      this.#waiting.delete(waiting);
      waiting.resolve();
    }
  }
}

const KINDS = Object.keys(PREFIXES) as Kind[];
const KIND_OF = new Map(KINDS.map((kind) => [PREFIXES[kind] as string, kind]));
