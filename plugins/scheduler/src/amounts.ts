import type { Resources } from "@damson/plugin-sdk";

/** Amounts as whole numbers, since sums of fractions drift: three times 0.1 cores has to fit into 0.3. */
export interface Amounts {
  /** Millionths of a core. */
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
}

const MILLIONTHS = 1_000_000;
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;
const HUNDREDTHS = 100;

/** @param absent what it means that an amount is not there: 0 where it is asked for, `Infinity` where it limits */
export function amountsOf({ cpu, memory }: Resources, absent: number): Amounts {
  return { cpu: Math.round((cpu ?? absent) * MILLIONTHS), memory: Math.round(memory ?? absent) };
}

/** `2`, for two cores. */
export function coresInWords(cpu: number): string {
  return String(cpu / MILLIONTHS);
}

/** `1.5 GiB` */
export function bytesInWords(bytes: number): string {
  const power = Math.min(Math.max(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), 0), UNITS.length - 1);
  return `${Math.round((bytes / 1_024 ** power) * HUNDREDTHS) / HUNDREDTHS} ${UNITS[power]}`;
}
