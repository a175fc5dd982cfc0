/** Bytes of a file, both ends included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The one range of a file of `size` bytes that a Range header asks for (RFC 9110, section 14.2). `undefined` when the whole
 * file is to be sent: also for several ranges, and for what cannot be read, as the standard allows. `"none"` when no byte
 * of the file is in the range.
 */
export function byteRange(header: string | undefined, size: number): ByteRange | "none" | undefined {
  const [, first = "", last = ""] = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  if (first === "")
    return last === "0" || size === 0 ? "none" : { start: Math.max(size - Number(last), 0), end: size - 1 };
  const start = Number(first);
  const end = last === "" ? size - 1 : Number(last);
  if (last !== "" && end < start) return undefined;
  return start < size ? { start, end: Math.min(end, size - 1) } : "none";
}
