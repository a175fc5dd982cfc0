import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { CONTRACT, type ErrorPlace } from "@damson/plugin-sdk";
import semver from "semver";
import { pluginError } from "./errors.ts";
import { type PluginPackage, shownPath } from "./manifest.ts";

/** The structural contract numbers that this host serves. */
export const SERVED_CONTRACTS: readonly number[] = [CONTRACT];

/**
 * Refuses a plugin that was built for another contract or for another version of the SDK.
 *
 * @throws DamsonError `PLUGIN_CONTRACT_UNSUPPORTED`, `PLUGIN_VERSION_MISMATCH` or `PLUGIN_MANIFEST_INVALID`.
 */
export function checkCompatibility({ packageFile, manifest, sdkRange, name }: PluginPackage, at: ErrorPlace): void {
  checkContract(manifest.contract, at);
  if (sdkRange === undefined) return;
  if (semver.validRange(sdkRange) === null) {
    const file = shownPath(packageFile);
    const path = "peerDependencies.@damson/plugin-sdk";
    throw pluginError("PLUGIN_MANIFEST_INVALID", {
      file,
      path,
      message: `${JSON.stringify(sdkRange)} is no version range`,
    });
  }
  const version = sdkVersion();
  if (semver.satisfies(version, sdkRange, { includePrerelease: true })) return;
  throw pluginError(
    "PLUGIN_VERSION_MISMATCH",
    { ...at, message: `built for @damson/plugin-sdk ${sdkRange}, but this host has ${version}` },
    { remedy: `Install a version of ${name} that fits, or another version of Damson.` },
  );
}

/** @throws DamsonError `PLUGIN_CONTRACT_UNSUPPORTED`. */
export function checkContract(contract: number, at: ErrorPlace): void {
  if (SERVED_CONTRACTS.includes(contract)) return;
  const isNew = SERVED_CONTRACTS.every((served) => served < contract);
  throw pluginError(
    "PLUGIN_CONTRACT_UNSUPPORTED",
    { ...at, message: `built for contract ${contract}, but this host serves ${SERVED_CONTRACTS.join(", ")}` },
    { remedy: isNew ? "Update Damson." : "Update the plugin." },
  );
}

function sdkVersion(): string {
  const file = findPackageJSON("@damson/plugin-sdk", import.meta.url);
  if (file === undefined) throw new Error("@damson/plugin-sdk is not installed");
  const json: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (typeof json !== "object" || json === null || !("version" in json)) throw new Error(`${file} names no version`);
  return String(json.version);
}
