import { readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { text as readText } from "node:stream/consumers";
import type { Document } from "yaml";
import { CliError, issuesError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";

/** More than any agent takes in one document. */
const MAX_BYTES = 16 * 1024 * 1024;

/** One YAML or JSON document that was given to `apply` or `deploy`. */
export interface ApplyDocument {
  /** The file as the user named it, `-` for stdin. */
  readonly file: string;
  /** Folder that relative paths in it start from. */
  readonly folder: string;
  readonly value: { [key: string]: unknown };
}

/**
 * The documents of a file, in their order; `-` is stdin. Empty ones are left out.
 *
 * @param fields What a document holds, for the error about one that is no mapping.
 * @throws CliError `FILE_UNREADABLE`, `YAML_INVALID` with every fault and its place, or `FILE_EMPTY`.
 */
export async function readDocuments(file: string, fields = "app, version and pkg"): Promise<readonly ApplyDocument[]> {
  const source = file === "-" ? await readText(process.stdin) : await readSource(file);
  const folder = file === "-" ? process.cwd() : dirname(resolve(file));
  const documents = (await parse(nameOf(file), source, fields)).map((value) => ({ file, folder, value }));
  if (documents.length > 0) return documents;
  throw new CliError("FILE_EMPTY", `${nameOf(file)} holds no document`);
}

/** The file as messages name it. */
export function nameOf(file: string): string {
  return file === "-" ? "stdin" : file;
}

async function readSource(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > MAX_BYTES) throw new CliError("FILE_UNREADABLE", `${file} is too large: ${size} bytes`);
    return await readFile(file, "utf8");
  } catch (thrown) {
    if (thrown instanceof CliError) throw thrown;
    const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
    const why = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : String(thrown);
    throw new CliError("FILE_UNREADABLE", `${file} cannot be read: ${why}`, { cause: thrown });
  }
}

function isEmpty({ contents }: Document): boolean {
  return contents === null || ("value" in contents && contents.value === null);
}

async function parse(file: string, source: string, fields: string): Promise<{ [key: string]: unknown }[]> {
  const { isMap, LineCounter, parseAllDocuments } = await import("yaml");
  const lines = new LineCounter();
  const documents = parseAllDocuments(source, { lineCounter: lines, prettyErrors: false });
  const filled = Array.from(documents).filter((document) => document.errors.length > 0 || !isEmpty(document));
  const issues = filled.flatMap((document) => {
    const faults = document.errors.map(({ pos, message }) => ({ offset: pos[0], message }));
    if (faults.length === 0 && !isMap(document.contents)) {
      faults.push({
        offset: document.contents?.range[0] ?? 0,
        message: `expected a mapping with ${fields}`,
      });
    }
    return faults.map(({ offset, message }) => {
      const { line, col } = lines.linePos(offset);
      return { file, line, column: col, message };
    });
  });
  if (issues.length > 0) throw issuesError("YAML_INVALID", issues, EXIT.failed);
  return filled.map((document) => document.toJS());
}
