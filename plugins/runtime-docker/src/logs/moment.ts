/**
 * Times of log lines, to the nanosecond, as text of a fixed length that compares as the times do: seconds and nanoseconds
 * in base 36.
 */
export type Moment = string;

const SECONDS_LENGTH = 7;
const NANOS_LENGTH = 6;
const NANO_DIGITS = 9;
/** What the length holds: the years 1970 to 4453. */
const MOST_SECONDS = 36 ** SECONDS_LENGTH - 1;

/** Lines come many in a second, and only the last part differs. */
let known = { text: "", seconds: "" };

/** The moment of a timestamp as engines write it, e.g. `2026-01-31T12:00:00.000000001Z`; `undefined` for anything else. */
export function momentOf(timestamp: string): Moment | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(timestamp);
  if (!match) return undefined;
  const [, second = "", fraction = "", zone = ""] = match;
  const text = second + zone;
  if (known.text !== text) {
    const ms = Date.parse(text);
    if (Number.isNaN(ms)) return undefined;
    known = { text, seconds: secondsText(ms) };
  }
  return known.seconds + nanosText(Number(fraction.padEnd(NANO_DIGITS, "0")));
}

/** The moment of a date; of a year that no log has, the nearest that it can have. */
export function momentOfDate(date: Date): Moment {
  const ms = date.getTime();
  return secondsText(ms) + nanosText((((ms % 1_000) + 1_000) % 1_000) * 1_000_000);
}

/** The moment as engines take it: seconds with a fraction. */
export function sinceText(moment: Moment): string {
  const seconds = Number.parseInt(moment.slice(0, SECONDS_LENGTH), 36);
  const nanos = Number.parseInt(moment.slice(SECONDS_LENGTH), 36);
  return `${seconds}.${String(nanos).padStart(NANO_DIGITS, "0")}`;
}

/** The second before the moment, for engines that note whole seconds and leave out those of the very second asked for. */
export function secondBefore(moment: Moment): string {
  return String(Math.max(Number.parseInt(moment.slice(0, SECONDS_LENGTH), 36) - 1, 0));
}

/** Many lines come in a millisecond. */
let shown = { ms: Number.NaN, text: "" };

/** The moment as ISO 8601 with milliseconds. */
export function isoText(moment: Moment): string {
  const seconds = Number.parseInt(moment.slice(0, SECONDS_LENGTH), 36);
  const nanos = Number.parseInt(moment.slice(SECONDS_LENGTH), 36);
  const ms = seconds * 1_000 + Math.floor(nanos / 1_000_000);
  if (shown.ms !== ms) shown = { ms, text: new Date(ms).toISOString() };
  return shown.text;
}

function secondsText(ms: number): string {
  const seconds = Math.min(Math.max(Math.floor(ms / 1_000), 0), MOST_SECONDS);
  return seconds.toString(36).padStart(SECONDS_LENGTH, "0");
}

function nanosText(nanos: number): string {
  return nanos.toString(36).padStart(NANOS_LENGTH, "0");
}
