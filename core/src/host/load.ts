import { errorText, type Plugin, pluginContract } from "@damson/plugin-sdk";
import { asPlugin } from "./attribution.ts";
import { checkContract } from "./compatibility.ts";
import { withDeadline } from "./deadline.ts";
import { pluginError } from "./errors.ts";
import type { PluginPackage } from "./manifest.ts";
import type { PluginRecord } from "./record.ts";

// Of every module that this process has loaded: modules are never read twice.
const loaded = new Map<string, string | undefined>();

/** Version of the package when its module was first loaded by this process; `undefined` when it was not. */
export function loadedVersion(module: string): string | undefined {
  return loaded.get(module);
}

/**
 * Imports a plugin's module. The first step that runs its code. A module that has been imported before is not read
 * again: changed code needs a new process.
 *
 * @throws DamsonError `PLUGIN_IMPORT_FAILED`, `PLUGIN_NOT_A_PLUGIN`, `PLUGIN_CONTRACT_UNSUPPORTED` or
 *   `PLUGIN_MANIFEST_INVALID`.
 */
export async function importPlugin(record: PluginRecord, found: PluginPackage, ms: number): Promise<Plugin> {
  const fail = (message: string, cause?: unknown) =>
    pluginError("PLUGIN_IMPORT_FAILED", { ...record.place(), message }, { cause });
  const overrun = () => fail(`its module has not finished loading within ${ms / 1_000} s`);
  if (!loaded.has(found.module)) loaded.set(found.module, found.version);
  const loading = asPlugin(record.id, () => import(found.module)).catch((cause: unknown) => {
    throw fail(`its module cannot be loaded: ${errorText(cause)}`, cause);
  });
  const module: { readonly default?: unknown } = await withDeadline(loading, ms, overrun);
  return checkPlugin(record, found, module.default);
}

function checkPlugin(record: PluginRecord, found: PluginPackage, value: unknown): Plugin {
  if (!isPlugin(value)) {
    throw pluginError(
      "PLUGIN_NOT_A_PLUGIN",
      { ...record.place(), message: "the default export of its module is no plugin" },
      { remedy: "Write: export default definePlugin({ name, setup(ctx, config) { … } });" },
    );
  }
  checkContract(pluginContract(value) ?? found.manifest.contract, record.place());
  if (value.config !== undefined && found.configSchema === undefined) {
    const message = "its code has a config schema, but its manifest names no configSchema";
    throw pluginError("PLUGIN_MANIFEST_INVALID", { ...record.place(), message });
  }
  return value;
}

function isPlugin(value: unknown): value is Plugin {
  return pluginContract(value) !== undefined && typeof value === "object" && value !== null && hasSetup(value);
}

function hasSetup(value: object): boolean {
  return "setup" in value && typeof value.setup === "function";
}
