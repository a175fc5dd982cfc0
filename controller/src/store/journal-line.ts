import { crc32 } from "node:zlib";

const CHECKSUM_LENGTH = 8;
const NEWLINE = 0x0a;

/** What a segment holds: the values of its sound lines, and how many lines are damaged. */
export interface Lines {
  /** One a line; `undefined` for one that is damaged. */
  readonly values: readonly unknown[];
  /** Bytes at the end that no newline closes: a write that did not come to its end, so that nobody was told of it. */
  readonly tornBytes: number;
}

/** `value` as a line of JSON, with a checksum before it. */
export function encodeLine(value: unknown): Buffer {
  const json = JSON.stringify(value);
  return Buffer.from(`${checksum(json)} ${json}\n`);
}

/** All lines of a segment. */
export function decodeLines(bytes: Buffer): Lines {
  const values: unknown[] = [];
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(NEWLINE, start);
    if (end < 0) return { values, tornBytes: bytes.length - start };
    values.push(decodeLine(bytes.subarray(start, end)));
    start = end + 1;
  }
}

function decodeLine(line: Buffer): unknown {
  const json = line.subarray(CHECKSUM_LENGTH + 1);
  if (line.toString("latin1", 0, CHECKSUM_LENGTH + 1) !== `${checksum(json)} `) return undefined;
  return JSON.parse(json.toString());
}

function checksum(data: string | Buffer): string {
  return crc32(data).toString(16).padStart(CHECKSUM_LENGTH, "0");
}
