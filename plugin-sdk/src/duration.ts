import { type TUnsafe, Type } from "typebox";
import { DamsonError } from "./error.ts";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const PATTERN = "^(0|[0-9]+(\\.[0-9]+)?(ms|s|m|h|d))$";

/** A span of time as users write it: `500ms`, `0.5s`, `10m`, `2h`, `7d`, or a number of seconds. */
export type Duration = string | number;

/** Schema of a {@link Duration}. */
export function DurationSchema(options: { description?: string; default?: string } = {}): TUnsafe<Duration> {
  return Type.Unsafe<Duration>({
    anyOf: [
      { type: "string", pattern: PATTERN },
      { type: "number", minimum: 0, maximum: 31_536_000 },
    ],
    examples: ["500ms", "10s", "5m"],
    ...options,
  });
}

/**
 * Milliseconds of a {@link Duration}; a bare number is seconds.
 *
 * @throws DamsonError `DURATION_INVALID` (400) when it cannot be read.
 */
export function durationMs(duration: Duration): number {
  if (typeof duration === "number" && duration >= 0 && Number.isFinite(duration)) return duration * 1_000;
  if (duration === "0") return 0;
  const match = /^([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)$/.exec(String(duration));
  const unit = UNITS[match?.[2] ?? ""];
  if (!match || unit === undefined) {
    throw new DamsonError("DURATION_INVALID", `"${duration}" is not a duration`, {
      status: 400,
      remedy: "Write a number with a unit, such as 500ms, 10s, 5m, 2h or 7d.",
    });
  }
  return Number(match[1]) * unit;
}
