const SPANS: readonly (readonly [unit: string, seconds: number])[] = [
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
  ["s", 1],
];

/** A span of time in its largest whole unit: `42s`, `3m`, `5h`, `12d`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const [unit, size] = SPANS.find(([, size]) => seconds >= size) ?? ["s", 1];
  return `${Math.floor(seconds / size)}${unit}`;
}

/** How long ago an ISO 8601 time was, e.g. `3m ago`; `-` when there is none. */
export function ago(time: string | null | undefined, now = Date.now()): string {
  if (!time) return "-";
  const ms = now - Date.parse(time);
  if (Number.isNaN(ms)) return time;
  return ms < 1_000 ? "just now" : `${span(ms)} ago`;
}

/** A number of bytes in powers of 1,024, e.g. `12.4 MiB`. */
export function size(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1_024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}
