import type { Handle } from "@damson/plugin-sdk";
import type { Document } from "../state/index.ts";
import { type AppDocument, type InstanceRecord, isStale, revisionOf, withInstance } from "./document.ts";
import { type RunEnd, withRunEnd } from "./exit-record.ts";
import type { AppSpec } from "./schema/apply.ts";

/**
 * The durable record of one instance, as its supervisor reads and writes it. Reads are of what is on disk: what is done
 * to a unit cannot be taken back, a change that the disk refuses is. Writes are tried until the disk takes them.
 */
export class InstanceJournal {
  readonly #document: Document<AppDocument>;
  readonly #id: string;
  readonly #refused: (thrown: unknown, attempt: number) => Promise<void>;

  /** @param refused told of a write that failed; the next try comes when it resolves, none when it rejects */
  constructor(
    document: Document<AppDocument>,
    id: string,
    refused: (thrown: unknown, attempt: number) => Promise<void>,
  ) {
    this.#document = document;
    this.#id = id;
    this.#refused = refused;
  }

  get document(): AppDocument {
    return this.#document.durable;
  }

  /** `undefined` once the instance was removed. */
  get record(): InstanceRecord | undefined {
    return this.document.instances.find((record) => record.instance_id === this.#id);
  }

  specOf(revision: number): AppSpec {
    return revisionOf(this.document, revision).spec;
  }

  isStale(record: InstanceRecord): boolean {
    return isStale(this.document, record);
  }

  /** The intended run was started, or found. */
  recordStart(runtime: string, handle: Handle): Promise<void> {
    const running = { handle, runtime, ended: undefined, reason: undefined, next_start_at: undefined };
    return this.#write((document) => withInstance(document, this.#id, (record) => ({ ...record, ...running })));
  }

  recordEnd(end: RunEnd): Promise<void> {
    return this.#write((document) => withRunEnd(document, this.#id, end));
  }

  /** Makes the next run one of the wanted revision, before it is started. */
  intendAnew(): Promise<void> {
    return this.#write((document) =>
      withInstance(document, this.#id, (record) => ({
        ...record,
        ended: undefined,
        next_start_at: undefined,
        intent: { ...record.intent, revision: record.revision, nonce: document.nonce, stopping: undefined },
      })),
    );
  }

  /**
   * The intended run is about to be stopped. Tried once only: a full disk must not keep an app from being stopped; an
   * agent that dies right then would have its end counted as the app's own.
   */
  async intendStop(): Promise<void> {
    await this.#document
      .update((document) =>
        withInstance(document, this.#id, (record) => ({ ...record, intent: { ...record.intent, stopping: true } })),
      )
      .catch(() => undefined);
  }

  /** The intended run is to be started with this runtime, before it is asked; nothing is left with any other. */
  intendWith(runtime: string): Promise<void> {
    return this.#write((document) =>
      withInstance(document, this.#id, (record) => ({
        ...record,
        ...(record.runtime !== runtime && { handle: undefined, runtime: undefined }),
        intent: { ...record.intent, runtime },
      })),
    );
  }

  /** Nothing is left of the instance. */
  remove(): Promise<void> {
    return this.#write((document) => ({
      ...document,
      instances: document.instances.filter((record) => record.instance_id !== this.#id),
    }));
  }

  async #write(change: (document: AppDocument) => AppDocument): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#document.update(change);
      } catch (thrown) {
        await this.#refused(thrown, attempt);
      }
    }
  }
}
