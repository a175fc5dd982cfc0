import { readdir, readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import { type DurableDirectory, migrate, readFailed, TEMPORARY_SUFFIX } from "@damson/core/state";
import type { Change } from "./change.ts";
import { decodeLines } from "./journal-line.ts";
import { SEGMENT_SCHEMA, type Segment, type SegmentHead, segmentName, segmentNumber } from "./segment.ts";

/** A segment as it was found. */
export interface ReadSegment extends Segment {
  /** Absent when it is damaged. */
  readonly head: SegmentHead | undefined;
  /** Of all sound lines. */
  readonly changes: readonly Change[];
  /** How many of its lines are damaged, and so without effect. */
  readonly damagedLines: number;
  /** Bytes of a write at its end that never was acknowledged. */
  readonly tornBytes: number;
}

/**
 * Reads all segments, from the oldest on; removes what a crash left of one that never began.
 *
 * @throws DamsonError `STATE_READ_FAILED`, or `STATE_TOO_NEW` when a newer Damson wrote one.
 */
export async function readJournal(directory: DurableDirectory): Promise<ReadSegment[]> {
  try {
    const names = await readdir(directory.path);
    for (const name of names.filter(isLeftover)) await unlink(join(directory.path, name));
    const numbers = names.flatMap((name) => segmentNumber(name) ?? []).sort((a, b) => a - b);
    const segments: ReadSegment[] = [];
    for (const number of numbers) segments.push(await readSegment(directory, number));
    return segments;
  } catch (error) {
    throw readFailed(directory.path, error);
  }
}

async function readSegment(directory: DurableDirectory, number: number): Promise<ReadSegment> {
  const path = join(directory.path, segmentName(number));
  const bytes = await readFile(path);
  const { values, tornBytes } = decodeLines(bytes);
  const [head, ...lines] = values;
  return {
    number,
    bytes: bytes.length,
    // The checksum has said that a line is as this program, or an older one, wrote it.
    head: head === undefined ? undefined : migrate<SegmentHead>(path, head as Stored, SEGMENT_SCHEMA, {}).data,
    changes: lines.flatMap((line) => (line === undefined ? [] : (line as Change[]))),
    damagedLines: values.filter((value) => value === undefined).length + (values.length === 0 ? 1 : 0),
    tornBytes,
  };
}

interface Stored {
  readonly schema: number;
  readonly data: unknown;
}

function isLeftover(name: string): boolean {
  return name.endsWith(TEMPORARY_SUFFIX) && segmentNumber(name.slice(0, -TEMPORARY_SUFFIX.length)) !== undefined;
}
