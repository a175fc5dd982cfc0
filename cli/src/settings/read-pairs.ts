import { type Read, readList, readSize } from "./read.ts";

/** What a node has. */
export interface Capacity {
  /** Cores. */
  readonly cpu?: number;
  /** Bytes. */
  readonly memory?: number;
}

/** Pairs as `key=value`, separated by commas or in a list, or a map of a file. */
export const readPairs: Read<Readonly<Record<string, string>>> = (raw, base) => {
  const expected = { expected: "key=value pairs" };
  if (typeof raw === "object" && raw !== null && !Array.isArray(raw)) {
    const entries = Object.entries(raw).map(([key, value]) => [key, String(value)] as const);
    return { value: Object.fromEntries(entries) };
  }
  const parts = readList(raw, base);
  if (!("value" in parts)) return expected;
  const pairs = parts.value.map((part) => /^([^=]+)=(.*)$/s.exec(part));
  if (pairs.includes(null)) return expected;
  return { value: Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair[1]?.trim(), pair[2]?.trim()]] : []))) };
};

/** `cpu` in cores and `memory` as a size, one of them or both. */
export const readCapacity: Read<Capacity> = (raw, base) => {
  const expected = { expected: "a capacity such as cpu=4,memory=8g" };
  const pairs = readPairs(raw, base);
  if (!("value" in pairs)) return expected;
  const { cpu, memory, ...others } = pairs.value;
  if (Object.keys(others).length > 0 || (cpu === undefined && memory === undefined)) return expected;
  if (cpu !== undefined && !/^[0-9]{1,6}(\.[0-9]{1,3})?$/.test(cpu)) return expected;
  const bytes = memory === undefined ? undefined : readSize(memory, base);
  if (bytes && !("value" in bytes)) return expected;
  return { value: { ...(cpu === undefined ? {} : { cpu: Number(cpu) }), ...(bytes ? { memory: bytes.value } : {}) } };
};
