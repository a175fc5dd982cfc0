import { type TUnsafe, Type } from "typebox";
import { DamsonError } from "./error.ts";

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
};
const PATTERN = "^[0-9]+(\\.[0-9]+)?([bkmgtBKMGT]|[kmgtKMGT]i?[bB]?)?$";

/** A size as users write it, in powers of 1,024: `512m`, `1.5g`, `64Mi`, or a number of bytes. */
export type MemorySize = string | number;

/** Schema of a {@link MemorySize}. */
export function MemorySizeSchema(options: { description?: string; default?: string } = {}): TUnsafe<MemorySize> {
  return Type.Unsafe<MemorySize>({
    anyOf: [
      { type: "string", pattern: PATTERN },
      { type: "integer", minimum: 1 },
    ],
    examples: ["512m", "1.5g"],
    ...options,
  });
}

/**
 * Whole bytes of a {@link MemorySize}.
 *
 * @throws DamsonError `SIZE_INVALID` (400) when it cannot be read.
 */
export function memoryBytes(size: MemorySize): number {
  if (typeof size === "number" && size >= 1 && Number.isSafeInteger(size)) return size;
  const match = typeof size === "string" ? /^([0-9]+(?:\.[0-9]+)?)(?:b|([kmgt])i?b?)?$/.exec(size.toLowerCase()) : null;
  const unit = UNITS[match?.[2] ?? ""];
  if (!match || unit === undefined) {
    throw new DamsonError("SIZE_INVALID", `"${size}" is not a size`, {
      status: 400,
      remedy: "Write bytes, or a number with a unit, such as 512m or 1.5g.",
    });
  }
  return Math.floor(Number(match[1]) * unit);
}
