import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { DamsonError, type ErrorPlace, errorText } from "@damson/plugin-sdk";
import { compileSchema, type Fault, issueText, type Segments } from "../schema/index.ts";
import { PluginsFileSchema } from "./plugins-file-schema.ts";
import { placed, readSource, type SourceText } from "./source-text.ts";

/** One entry of plugins.yaml, as it stands there. */
export interface PluginEntry {
  readonly use: string;
  readonly id: string | undefined;
  readonly required: boolean;
  readonly config: Readonly<Record<string, unknown>>;
  /** Where a part of this entry stands in the file. */
  place(segments?: Segments, at?: Fault["at"]): ErrorPlace;
}

/** A plugins.yaml whose form is right. */
export interface PluginsFile {
  /** Absolute. */
  readonly path: string;
  readonly entries: readonly PluginEntry[];
  readonly warnings: readonly string[];
}

const checker = compileSchema(PluginsFileSchema);

/**
 * Reads plugins.yaml; `file` is named in errors as it is given here. A missing file is an empty one, with a warning,
 * unless it is `mandatory`.
 *
 * @throws DamsonError `PLUGINS_FILE_NOT_FOUND`, `PLUGINS_FILE_UNREADABLE`, or `PLUGINS_FILE_INVALID` (422) with every fault of its form.
 */
export async function readPluginsFile(file: string, mandatory: boolean): Promise<PluginsFile> {
  const path = resolve(file);
  const text = await readText(file, path, mandatory);
  if (text === undefined) return { path, entries: [], warnings: [`${file} does not exist, so no plugin is loaded.`] };

  const source = readSource(text, file);
  if (source.syntax.length > 0) throw invalid(source.syntax);
  if (source.value === null) return { path, entries: [], warnings: [`${file} is empty, so no plugin is loaded.`] };
  const { value } = source;
  if (!checker.accepts(value)) throw invalid(checker.faults(value).map((fault) => placed(source, fault)));

  const entries = value.plugins.map((entry, index) => ({
    use: entry.use,
    id: entry.id,
    required: entry.required ?? false,
    config: entry.config ?? {},
    place: (segments: Segments = [], at?: Fault["at"]) => entryPlace(source, index, segments, at),
  }));
  return { path, entries, warnings: [] };
}

async function readText(file: string, path: string, mandatory: boolean): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const isAbsent = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    if (isAbsent && !mandatory) return undefined;
    throw new DamsonError(
      isAbsent ? "PLUGINS_FILE_NOT_FOUND" : "PLUGINS_FILE_UNREADABLE",
      `${file} cannot be read: ${errorText(cause)}`,
      {
        status: 422,
        cause,
        issues: [{ file, message: errorText(cause) }],
        remedy: "Give the path of a plugins.yaml that is there, or leave it out.",
      },
    );
  }
}

function entryPlace(source: SourceText, index: number, segments: Segments, at: Fault["at"] | undefined): ErrorPlace {
  return source.place(["plugins", index, ...segments], at);
}

function invalid(issues: SourceText["syntax"]): DamsonError {
  return new DamsonError("PLUGINS_FILE_INVALID", issues.map(issueText).join("\n"), { status: 422, issues });
}
