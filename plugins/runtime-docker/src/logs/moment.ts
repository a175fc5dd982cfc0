/**
 * Times of log lines, to the nanosecond, as text of a fixed length that compares as the times do: seconds and nanoseconds
 * in base 36.
 */
export type Moment = string;

const SECONDS_LENGTH = 7;
const NANOS_LENGTH = 6;
const NANO_DIGITS = 9;

/** Lines come many in a second, and only the last part differs. */
let known = { text: "", seconds: "" };

/** The moment of a timestamp as engines write it, e.g. `2026-01-31T12:00:00.000000001Z`; `undefined` for anything else. */
export function momentOf(timestamp: string): Moment | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(timestamp);
  if (!match) return undefined;
  const [, second = "", fraction = "", zone = ""] = match;
  const text = second + zone;
  if (known.text !== text) {
    const seconds = Math.floor(Date.parse(text) / 1_000)
      .toString(36)
      .padStart(SECONDS_LENGTH, "0");
    known = { text, seconds };
  }
  return known.seconds + Number(fraction.padEnd(NANO_DIGITS, "0")).toString(36).padStart(NANOS_LENGTH, "0");
}

/** The moment of a date. */
export function momentOfDate(date: Date): Moment {
  return momentOf(date.toISOString()) ?? "";
}

/** The moment as engines take it: seconds with a fraction. */
export function sinceText(moment: Moment): string {
  const seconds = Number.parseInt(moment.slice(0, SECONDS_LENGTH), 36);
  const nanos = Number.parseInt(moment.slice(SECONDS_LENGTH), 36);
  return `${seconds}.${String(nanos).padStart(NANO_DIGITS, "0")}`;
}

/** The moment as ISO 8601 with milliseconds. */
export function isoText(moment: Moment): string {
  const seconds = Number.parseInt(moment.slice(0, SECONDS_LENGTH), 36);
  const nanos = Number.parseInt(moment.slice(SECONDS_LENGTH), 36);
  return new Date(seconds * 1_000 + Math.floor(nanos / 1_000_000)).toISOString();
}
