import type { Issue } from "@damson/plugin-sdk";
import { type Checker, type Fault, pathText, type Segments } from "../schema/index.ts";
import { pluginError } from "./errors.ts";
import { compileConfig } from "./manifest.ts";
import type { PluginRecord } from "./record.ts";
import { type Environment, substitute } from "./substitute.ts";

/**
 * Checks the config of a plugin against its manifest's schema, and sets what `setup` gets and what may be shown.
 *
 * @throws DamsonError `PLUGIN_CONFIG_INVALID` with every fault, each with its line and column in plugins.yaml.
 */
export function configure(record: PluginRecord, environment: Environment): void {
  const checker = compileConfig(record.package?.configSchema);
  const { config, faults, written } = substitute(record.entry.config, environment);
  const wrong = new Set(faults.map(({ issue }) => issue.path));
  const fromEnvironment = (segments: Segments) => written.has(pathText(segments));
  const all = [
    ...faults,
    // Beyond "not set" there is nothing to say of a variable.
    ...faultsOf(checker, config, fromEnvironment).filter(({ issue }) => !wrong.has(issue.path)),
  ];
  record.shownConfig = shown(checker, record.entry.config);
  if (all.length > 0)
    throw pluginError(
      "PLUGIN_CONFIG_INVALID",
      all.map((fault) => issueOf(record, fault)),
    );
  record.config = checker.withDefaults(config);
  record.shownConfig = shown(checker, checker.withDefaults(asWritten(record.config, written, [])));
}

// A required property that has a default is there once the defaults are filled in.
function faultsOf(checker: Checker, config: unknown, hide: (segments: Segments) => boolean): Fault[] {
  return checker.faults(checker.withDefaults(config), hide);
}

function shown(checker: Checker, config: unknown): unknown {
  return checker.secrets.redact(config);
}

function asWritten(value: unknown, written: ReadonlyMap<string, string>, segments: Segments): unknown {
  if (Array.isArray(value)) return value.map((item, index) => asWritten(item, written, [...segments, index]));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, asWritten(item, written, [...segments, key])]),
    );
  }
  return written.get(pathText(segments)) ?? value;
}

function issueOf({ id, entry }: PluginRecord, { segments, at, issue }: Fault): Issue {
  const inside = pathText(segments);
  const path = inside === "" || inside.startsWith("[") ? id + inside : `${id}.${inside}`;
  return { ...issue, ...entry.place(["config", ...segments], at), path };
}
