import { DamsonError, type DamsonErrorOptions, type Issue } from "@damson/plugin-sdk";
import { issueText } from "../schema/index.ts";

/**
 * Codes of what can go wrong with one plugin. Each belongs to one step of loading, or to its life afterwards.
 *
 * Bad plugins.yaml as a whole has `PLUGINS_FILE_NOT_FOUND`, `PLUGINS_FILE_UNREADABLE`, `PLUGINS_FILE_INVALID` and `PLUGIN_ID_DUPLICATE`.
 */
export type PluginErrorCode =
  | "PLUGIN_NOT_FOUND"
  | "PLUGIN_MANIFEST_INVALID"
  | "PLUGIN_CONTRACT_UNSUPPORTED"
  | "PLUGIN_VERSION_MISMATCH"
  | "PLUGIN_DEPENDENCY_MISSING"
  | "PLUGIN_DEPENDENCY_CYCLE"
  | "PLUGIN_DEPENDENCY_FAILED"
  | "PLUGIN_PROVIDES_CONFLICT"
  | "PLUGIN_CONFIG_INVALID"
  | "PLUGIN_IMPORT_FAILED"
  | "PLUGIN_NOT_A_PLUGIN"
  | "PLUGIN_SETUP_FAILED"
  | "PLUGIN_SETUP_TIMEOUT"
  | "PLUGIN_PROVIDES_MISMATCH"
  | "PLUGIN_REFUSED"
  | "PLUGIN_REJECTED_LATER"
  | "PLUGIN_LOAD_FAILED";

/** An error of one plugin; its message is what its issues say, a line each, so that `code message` reads as a whole. */
export function pluginError(
  code: PluginErrorCode,
  issues: Issue | readonly Issue[],
  options: Omit<DamsonErrorOptions, "issues"> = {},
): DamsonError {
  const all = [issues].flat();
  return new DamsonError(code, all.map(issueText).join("\n"), { ...options, issues: all });
}

/** Every line of the errors, each with its code: `PLUGIN_NOT_FOUND plugins.yaml:3:10 docker: …`. */
export function errorLines(errors: readonly DamsonError[]): string[] {
  return errors.flatMap((error) => error.message.split("\n").map((line) => `${error.code} ${line}`));
}

/** One error for all: the error itself when it is alone, else `PLUGINS_INVALID` with every issue. */
export function combinedError(errors: readonly DamsonError[], status: number): DamsonError {
  const [only] = errors;
  if (only && errors.length === 1) {
    const { remedy, issues, cause } = only;
    return new DamsonError(only.code, only.message, { status, issues, cause, ...(remedy && { remedy }) });
  }
  const issues = errors.flatMap((error) =>
    error.issues.map((issue) => ({ ...issue, message: `${error.code}: ${issue.message}` })),
  );
  return new DamsonError("PLUGINS_INVALID", errorLines(errors).join("\n"), {
    status,
    issues,
    remedy: "Correct what is listed; nothing has been changed.",
  });
}
