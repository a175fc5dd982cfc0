import { isDeepStrictEqual } from "node:util";
import type { Issue } from "@damson/plugin-sdk";
import { Type } from "typebox";
import { compileSchema } from "../../schema/index.ts";
import { type Document, openDocument } from "../../state/index.ts";

const SCHEMA_VERSION = 1;

/** So many numbers of reports are taken at once, so that not every report needs a write. */
const SEQ_BLOCK = 10_000;

/** What the link keeps on disk, in controller.json. */
export interface LinkRecord {
  /** Of the controller's store whose list was last taken on; absent before the first. */
  readonly controllerId?: string | undefined;
  /** Id of the node whose list that was. */
  readonly nodeId?: string | undefined;
  /** Of the newest list that was begun to be carried out. */
  readonly revision: number;
  /** Every number below it may have been used for a report. */
  readonly seq: number;
  /** By instance, the run whose end was last told. */
  readonly told: Readonly<Record<string, number>>;
}

const checker = compileSchema(
  Type.Object({
    controllerId: Type.Optional(Type.String()),
    nodeId: Type.Optional(Type.String()),
    revision: Type.Integer(),
    seq: Type.Integer(),
    told: Type.Record(Type.String(), Type.Integer()),
  }),
);

/** The {@link LinkRecord} of a work directory, and the numbers of reports. */
export class LinkLedger {
  readonly #document: Document<LinkRecord>;
  readonly close: () => Promise<void>;
  #nextSeq: number;

  private constructor(document: Document<LinkRecord>, close: () => Promise<void>, now: Date) {
    this.#document = document;
    this.close = close;
    // Numbers have to rise also where the file was lost, or is that of a backup: fewer reports than milliseconds go out. A
    // clock that was set back is no harm while the file is there.
    this.#nextSeq = Math.max(document.value.seq, now.getTime());
  }

  /** @param file where it is kept; begun anew when it is not there, or damaged */
  static async open(file: string, now: Date, damaged: (reason: string) => void): Promise<LinkLedger> {
    const validate = (data: unknown): readonly Issue[] => checker.check(data);
    const initial: LinkRecord = { revision: 0, seq: 0, told: {} };
    const opened = await openDocument<LinkRecord>({ file, schemaVersion: SCHEMA_VERSION, validate, initial });
    if (opened.damaged) damaged(opened.damaged.reason);
    return new LinkLedger(opened.document, opened.close, now);
  }

  /** What the disk has. */
  get value(): LinkRecord {
    return this.#document.durable;
  }

  /** @throws DamsonError `STATE_WRITE_FAILED` */
  update(change: (record: LinkRecord) => LinkRecord): Promise<void> {
    return this.#document.update(change);
  }

  /** Keeps what a list has changed. @throws as {@link update} */
  takeOn(taken: Pick<LinkRecord, "controllerId" | "nodeId" | "revision">): Promise<void> {
    return this.update((record) => {
      const next = { ...record, ...taken };
      return isDeepStrictEqual(next, record) ? record : next;
    });
  }

  /** The first of `count` numbers that no report has had, nor will have after a crash. @throws as {@link update} */
  async takeSeqs(count: number): Promise<number> {
    const first = this.#nextSeq;
    this.#nextSeq += count;
    if (this.#nextSeq > this.value.seq) {
      const seq = this.#nextSeq + SEQ_BLOCK;
      await this.update((record) => (record.seq >= seq ? record : { ...record, seq }));
    }
    return first;
  }
}
