import { type FileHandle, open } from "node:fs/promises";
import { hasCode } from "@damson/plugin-sdk";
import { LONGEST_LINE } from "./line-reader.ts";

const CHUNK = 65_536;
const NEWLINE = 10;

/**
 * Offsets where the last `count` lines before `end` begin, the last one first, found by reading backwards. A long line
 * counts as its parts. What lies before `head` is not looked at.
 */
export async function lastLineStarts(path: string, head: number, end: number, count: number): Promise<number[]> {
  const file = await open(path, "r").catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  });
  if (!file) return [];
  try {
    return await collect(file, head, end, count);
  } finally {
    await file.close();
  }
}

async function collect(file: FileHandle, head: number, end: number, count: number): Promise<number[]> {
  const starts: number[] = [];
  let lineEnd = end;
  for await (const newline of newlinesBackwards(file, head, end)) {
    if (newline === end - 1) {
      lineEnd = newline;
      continue;
    }
    addParts(starts, newline + 1, lineEnd, count);
    if (starts.length >= count) return starts;
    lineEnd = newline;
  }
  if (end > head) addParts(starts, head, lineEnd, count);
  return starts;
}

/** The parts that a reader makes of a line, the last one first. */
function addParts(starts: number[], from: number, to: number, count: number): void {
  const parts = Math.max(Math.ceil((to - from) / LONGEST_LINE), 1);
  for (let part = parts - 1; part >= 0 && starts.length < count; part -= 1) starts.push(from + part * LONGEST_LINE);
}

/** Offsets of the line breaks in [head, end), from the last to the first. */
async function* newlinesBackwards(file: FileHandle, head: number, end: number): AsyncGenerator<number> {
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (let to = end; to > head; ) {
    const from = Math.max(to - CHUNK, head);
    const { bytesRead } = await file.read(buffer, 0, to - from, from);
    for (let at = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE); at >= 0; ) {
      yield from + at;
      at = at === 0 ? -1 : buffer.lastIndexOf(NEWLINE, at - 1);
    }
    to = from;
  }
}

/** Where the line begins that the byte at `offset` belongs to. */
export async function lineStart(path: string, head: number, offset: number): Promise<number> {
  if (offset <= head) return head;
  const [start] = await lastLineStarts(path, head, offset + 1, 1);
  return start ?? head;
}
