import { usageError } from "../cli-error.ts";

/** Names that would reach beyond the document's own data. */
const FORBIDDEN = ["__proto__", "constructor", "prototype"];

type Key = string | number;
type Container = { [key: string]: unknown } | unknown[];

/**
 * Sets values in a document, each given as `path=value`. A path is keys joined by dots, with `[0]` for places in lists
 * and `\.` for a dot in a key; what is missing on the way is made. The value is a YAML scalar (`3`, `true`, `null`,
 * `"3"`); anything else is taken as the text that it is.
 *
 * @throws CliError (exit code 2) when a path cannot be read, or does not fit what is there.
 */
export async function setValues(document: { [key: string]: unknown }, settings: readonly string[]): Promise<void> {
  for (const setting of settings) {
    const at = setting.indexOf("=");
    if (at < 1) throw usageError(`--set ${setting}: expected path=value, e.g. pkg.replicas=2`);
    setAt(document, readPath(setting.slice(0, at)), await readScalar(setting.slice(at + 1)), setting);
  }
}

function readPath(text: string): readonly Key[] {
  const keys: Key[] = [];
  let rest = text;
  while (rest !== "") {
    const index = /^\[([0-9]{1,6})\](?:\.(?=.)|(?=\[)|$)/.exec(rest);
    const name = index ? null : /^((?:\\.|[^.[\]\\])+)(?:\.(?=[^.])|(?=\[)|$)/.exec(rest);
    const match = index ?? name;
    if (!match?.[1])
      throw usageError(`--set ${text}: cannot be read at "${rest}"`, "Write it like pkg.ports[0].host_port.");
    const key = index ? Number(match[1]) : match[1].replaceAll(/\\(.)/g, "$1");
    if (typeof key === "string" && FORBIDDEN.includes(key)) throw usageError(`--set ${text}: "${key}" cannot be set`);
    keys.push(key);
    rest = rest.slice(match[0].length);
  }
  return keys;
}

function setAt(document: Container, path: readonly Key[], value: unknown, setting: string): void {
  let container: Container = document;
  for (const [depth, key] of path.entries()) {
    assertFits(container, key, path.slice(0, depth), setting);
    const next = path[depth + 1];
    if (next === undefined) {
      put(container, key, value);
      return;
    }
    const inside = take(container, key) ?? (typeof next === "number" ? [] : {});
    if (typeof inside !== "object") {
      throw usageError(
        `--set ${setting}: ${join(path.slice(0, depth + 1))} is ${JSON.stringify(inside)}, not a mapping or list`,
      );
    }
    put(container, key, inside);
    container = inside as Container; // an object of a parsed document is a mapping or a list
  }
}

function assertFits(container: Container, key: Key, path: readonly Key[], setting: string): void {
  if (Array.isArray(container) !== (typeof key === "number")) {
    const [is, takes] = Array.isArray(container) ? ["a list", "[0]"] : ["a mapping", "a key"];
    throw usageError(`--set ${setting}: ${join(path) || "the document"} is ${is}, which takes ${takes}`);
  }
  if (Array.isArray(container) && typeof key === "number" && key > container.length) {
    throw usageError(
      `--set ${setting}: ${join(path)} has ${container.length} entries; the next is [${container.length}]`,
    );
  }
}

function take(container: Container, key: Key): unknown {
  return Object.hasOwn(container, key) ? Reflect.get(container, key) : undefined;
}

function put(container: Container, key: Key, value: unknown): void {
  Reflect.set(container, key, value);
}

function join(path: readonly Key[]): string {
  return path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`))
    .join("")
    .replace(/^\./, "");
}

async function readScalar(text: string): Promise<unknown> {
  if (text === "") return "";
  const { isScalar, parseDocument } = await import("yaml");
  const { comment, contents, errors, warnings } = parseDocument(text);
  const odd = errors.length > 0 || warnings.length > 0 || comment || !isScalar(contents) || contents.comment;
  if (odd || contents.anchor || contents.tag || text.includes("\n")) return text;
  if (contents.type === "BLOCK_FOLDED" || contents.type === "BLOCK_LITERAL") return text;
  const { value } = contents;
  const inexact = typeof value === "number" && !Number.isSafeInteger(value) && /^[-+]?[0-9]+$/.test(text);
  return inexact ? text : value;
}
