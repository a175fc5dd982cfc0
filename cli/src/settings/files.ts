import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CliError, type CliIssue, issuesError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import { CONTROLLER_SETTINGS } from "./controller-table.ts";
import type { Machine } from "./machine.ts";
import { SETTINGS } from "./table.ts";

/** The settings file that applies, read. */
export interface SettingsFile {
  readonly file: string;
  /** Folder that relative paths in it start from. */
  readonly folder: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Where settings are looked for; the first that exists is read, alone. */
export function settingsFilePlaces({ cwd, env, home }: Machine): readonly string[] {
  const config = env.XDG_CONFIG_HOME || join(home, ".config");
  return [join(cwd, "damson.yaml"), join(config, "damson", "config.yaml")];
}

/**
 * The settings file, if there is one.
 *
 * @throws CliError `SETTINGS_INVALID` when it cannot be read, is no YAML mapping, or has a key that is no setting.
 */
export async function readSettingsFile(machine: Machine): Promise<SettingsFile | undefined> {
  for (const file of settingsFilePlaces(machine)) {
    const text = readIfThere(file);
    if (text !== undefined) return { file, folder: dirname(file), values: await parseSettings(file, text) };
  }
  return undefined;
}

/** What the `.env` of the current folder says. It does not reach the environment of this process. */
export async function readDotEnv({ cwd }: Machine): Promise<Readonly<Record<string, string>>> {
  const text = readIfThere(join(cwd, ".env"));
  if (text === undefined) return {};
  const { parse } = await import("dotenv");
  return parse(text);
}

/** The environment with what `.env` adds to it. A variable that is set, to something, wins. */
export async function environmentOf(machine: Machine): Promise<Readonly<Record<string, string | undefined>>> {
  const set = Object.entries(machine.env).filter(([, value]) => value !== "");
  return { ...(await readDotEnv(machine)), ...Object.fromEntries(set) };
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new CliError("SETTINGS_INVALID", `${file} cannot be read: ${code ?? thrown}`, {
      exitCode: EXIT.usage,
      cause: thrown,
    });
  }
}

async function parseSettings(file: string, text: string): Promise<Record<string, unknown>> {
  const { LineCounter, isMap, isScalar, parseDocument } = await import("yaml");
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placed = (offset: number, issue: CliIssue): CliIssue => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col, ...issue };
  };
  const issues = document.errors.map((error) => placed(error.pos[0], { message: error.message }));
  if (issues.length > 0) throw invalid(issues);
  if (document.contents === null) return {};
  if (!isMap(document.contents)) throw invalid([{ file, message: "expected a mapping of settings" }]);
  const settings = [...Object.values(SETTINGS), ...Object.values(CONTROLLER_SETTINGS)];
  const allowed = settings.flatMap((setting) => ("file" in setting ? [setting.file] : []));
  for (const { key } of document.contents.items) {
    const name = isScalar(key) ? String(key.value) : String(key);
    if (allowed.some((known) => known === name)) continue;
    const offset = isScalar(key) ? (key.range?.[0] ?? 0) : 0;
    issues.push(placed(offset, { path: name, message: "is not a setting", ...(await suggestion(name, allowed)) }));
  }
  if (issues.length > 0) throw invalid(issues);
  return document.toJS();
}

async function suggestion(name: string, allowed: readonly string[]): Promise<Pick<CliIssue, "hint" | "allowed">> {
  const { closest, distance } = await import("fastest-levenshtein");
  const nearest = closest(name, [...allowed]);
  return { ...(distance(name, nearest) <= 3 ? { hint: `Did you mean "${nearest}"?` } : {}), allowed };
}

function invalid(issues: readonly CliIssue[]): CliError {
  return issuesError("SETTINGS_INVALID", issues, EXIT.usage);
}
