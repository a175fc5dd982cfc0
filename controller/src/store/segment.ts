import type { State } from "./state.ts";

/** Number of the form of segments. */
export const SEGMENT_SCHEMA = 1;

/** A file of the journal, `journal-<number>.ndjson`. */
export interface Segment {
  readonly number: number;
  readonly bytes: number;
}

/** What the first line of a segment says: all that no document has, as it was before the segment's first change. */
export interface SegmentHead {
  readonly revision: number;
  /** Milliseconds that each lease lasts, by id. */
  readonly leases: Readonly<Record<string, number>>;
}

/** What a segment begins with. */
export function headOf(state: State): { readonly schema: number; readonly data: SegmentHead } {
  const leases = Object.fromEntries([...state.leases].map(([id, { ttlMs }]) => [id, ttlMs]));
  return { schema: SEGMENT_SCHEMA, data: { revision: state.revision, leases } };
}

/** Name of the file of a segment. */
export function segmentName(number: number): string {
  return `journal-${number}.ndjson`;
}

/** The number in a segment's name; `undefined` for the name of something else. */
export function segmentNumber(name: string): number | undefined {
  const [, digits] = /^journal-([1-9][0-9]{0,14})\.ndjson$/.exec(name) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
