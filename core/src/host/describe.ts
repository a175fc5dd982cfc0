import type { Manifest } from "@damson/plugin-sdk";
import type { PluginRecord, PluginState } from "./record.ts";

/** What `/v1/plugins`, the command line and the dashboard show of a plugin. Holds no secret. */
export interface PluginDescription {
  readonly id: string;
  /** As in plugins.yaml. */
  readonly use: string;
  readonly required: boolean;
  /** Of the package; absent when it was not found. */
  readonly name?: string;
  readonly version?: string;
  readonly contract?: number;
  readonly provides?: readonly string[];
  readonly runs_on?: Manifest["runsOn"];
  readonly state: PluginState;
  /** Code of the first error, of a failed plugin. */
  readonly code?: string;
  /** Why it failed or was skipped: a line for each fault. */
  readonly reason?: string;
  /** What the user can do about it. */
  readonly remedy?: string;
  /** With defaults; secrets stand as `***`, and what comes from the environment as it is written in plugins.yaml. */
  readonly config: unknown;
  /** Milliseconds that each step of loading took. */
  readonly timings_ms: Readonly<Record<string, number>>;
}

/** Puts a record in the form that is shown. */
export function describePlugin(record: PluginRecord): PluginDescription {
  const { package: found, errors, skipped } = record;
  const reason = skipped ?? (errors.length > 0 ? errors.map(({ message }) => message).join("\n") : undefined);
  const [first] = errors;
  return {
    id: record.id,
    use: record.entry.use,
    required: record.entry.required,
    ...(found && {
      name: found.name,
      ...(found.version !== undefined && { version: found.version }),
      contract: found.manifest.contract,
      provides: found.manifest.provides,
      runs_on: found.manifest.runsOn,
    }),
    state: record.state,
    ...(first && { code: first.code }),
    ...(reason !== undefined && { reason }),
    ...(first?.remedy !== undefined && { remedy: first.remedy }),
    config: record.shownConfig,
    timings_ms: Object.fromEntries(
      Object.entries(record.timings).map(([step, ms]) => [step, Math.round(ms * 1_000) / 1_000]),
    ),
  };
}
