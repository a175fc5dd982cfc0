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
  if (!fits) return { expected: "a URL such as http://127.0.0.1:8081" };
  return { value: url.href.replace(/\/+$/, "") };
};

export const readPort: Read<number> = (raw) => {
  const port = typeof raw === "string" && /^[0-9]{1,5}$/.test(raw) ? Number(raw) : raw;
  if (typeof port === "number" && Number.isInteger(port) && port >= 0 && port <= 65_535) return { value: port };
  return { expected: "a port from 0 to 65535" };
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

function isText(raw: unknown): raw is string {
  return typeof raw === "string" && raw.trim() !== "";
}
