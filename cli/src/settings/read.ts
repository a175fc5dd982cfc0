import { resolve } from "node:path";

/** What became of a raw value: the value, or what was expected instead. */
export type Reading<T> = { readonly value: T } | { readonly expected: string };

/** Reads a raw value: a text from a flag or the environment, any YAML value from a file. `base` is for relative paths. */
export type Read<T> = (raw: unknown, base: string) => Reading<T>;

export const readText: Read<string> = (raw) => (isText(raw) ? { value: raw } : { expected: "a text" });

export const readPath: Read<string> = (raw, base) =>
  isText(raw) ? { value: resolve(base, raw) } : { expected: "a path" };

export const readUrl: Read<string> = (raw) => {
  const url = isText(raw) ? URL.parse(raw) : null;
  const fits = url !== null && (url.protocol === "http:" || url.protocol === "https:");
  if (!fits) return { expected: "a URL with http:// or https://, such as http://127.0.0.1:8080" };
  return { value: url.href.replace(/\/+$/, "") };
};

export const readPort: Read<number> = (raw) => {
  const port = typeof raw === "string" && /^[0-9]{1,5}$/.test(raw) ? Number(raw) : raw;
  if (typeof port === "number" && Number.isInteger(port) && port >= 0 && port <= 65_535) return { value: port };
  return { expected: "a port from 0 to 65535" };
};

/** `host:port` or `[::1]:8080`; a leading colon means every address of the machine. */
export const readAddress: Read<{ readonly host: string; readonly port: number }> = (raw) => {
  const [, bracketed, plain, digits] =
    (isText(raw) && /^(?:\[([0-9a-f:.]+)\]|([^:[\]\s]*)):([0-9]{1,5})$/i.exec(raw)) || [];
  const port = readPort(digits ?? "", "");
  if (!("value" in port)) return { expected: "an address with a port, such as 127.0.0.1:8080 or :8080" };
  return { value: { host: bracketed || plain || "0.0.0.0", port: port.value } };
};

/** Seconds, also in parts; at most a day. */
export const readSeconds: Read<number> = (raw) => number(raw, { least: 0.1, most: 86_400 }, "seconds");

export const readPercent: Read<number> = (raw) => number(raw, { least: 0, most: 100 }, "percent");

export const readCount: Read<number> = (raw) => {
  const reading = number(raw, { least: 1, most: 1_000_000 }, "a whole number");
  return "value" in reading && !Number.isInteger(reading.value)
    ? { expected: "a whole number from 1 to 1000000" }
    : reading;
};

/** Bytes of a size in powers of 1,024, such as `512m`. */
export const readSize: Read<number> = (raw) => {
  const [, digits, unit = ""] = /^([0-9]{1,12})([kmgt]?)$/i.exec(String(raw)) ?? [];
  const bytes = Number(digits) * 1_024 ** " kmgt".indexOf(unit.toLowerCase() || " ");
  if (bytes >= 1 && Number.isSafeInteger(bytes)) return { value: bytes };
  return { expected: "a size such as 512m or 2g" };
};

export const readBoolean: Read<boolean> = (raw) => {
  if (raw === true || raw === "true" || raw === "1") return { value: true };
  if (raw === false || raw === "false" || raw === "0") return { value: false };
  return { expected: "true or false" };
};

export const readList: Read<readonly string[]> = (raw) => {
  const parts: unknown = typeof raw === "string" ? raw.split(",") : raw;
  if (!Array.isArray(parts) || !parts.every((part) => typeof part === "string")) return { expected: "a list of texts" };
  return { value: parts.map((part) => part.trim()).filter((part) => part !== "") };
};

function number(raw: unknown, { least, most }: { least: number; most: number }, what: string): Reading<number> {
  const value = typeof raw === "string" && /^[0-9]{1,9}(\.[0-9]{1,6})?$/.test(raw.trim()) ? Number(raw) : raw;
  if (typeof value === "number" && value >= least && value <= most) return { value };
  return { expected: `${what} from ${least} to ${most}` };
}

function isText(raw: unknown): raw is string {
  return typeof raw === "string" && raw.trim() !== "";
}
