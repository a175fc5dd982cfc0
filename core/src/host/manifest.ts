import { readFile } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { errorText, type Issue, Manifest, PLUGIN_KEYWORD } from "@damson/plugin-sdk";
import { Type } from "typebox";
import { type Checker, compileSchema } from "../schema/index.ts";
import { pluginError } from "./errors.ts";
import { type FoundPlugin, mainModule } from "./resolve.ts";
import { placed, readSource } from "./source-text.ts";

/** What a plugin's package says of it, read without running its code. */
export interface PluginPackage {
  readonly name: string;
  readonly version: string | undefined;
  readonly packageFile: string;
  /** Absolute path of the folder of its package.json. */
  readonly folder: string;
  /** URL of the plugin's module. */
  readonly module: string;
  readonly manifest: Manifest;
  /** The range of the SDK that it asks for; `undefined` when it names none. */
  readonly sdkRange: string | undefined;
  readonly configSchema: object | undefined;
  /** What the host has to say about the package, in full sentences. */
  readonly warnings: readonly string[];
}

const SDK = "@damson/plugin-sdk";

const PackageJson = Type.Object({
  name: Type.String({ minLength: 1 }),
  version: Type.Optional(Type.String()),
  keywords: Type.Optional(Type.Array(Type.String())),
  peerDependencies: Type.Optional(Type.Record(Type.String(), Type.String())),
  damson: Manifest,
});

const checker = compileSchema(PackageJson);

/**
 * Reads the package.json of a plugin and the schema of its config.
 *
 * @throws DamsonError `PLUGIN_MANIFEST_INVALID` with every fault and its place.
 */
export async function readPackage({ packageFile, module }: FoundPlugin): Promise<PluginPackage> {
  const file = shownPath(packageFile);
  const source = readSource(await readText(packageFile, file), file);
  if (source.syntax.length > 0) throw invalid(source.syntax);
  if (!hasManifest(source.value)) {
    throw invalid(
      { ...source.place([]), path: "damson", message: "required, but missing" },
      "This package is no plugin.",
    );
  }
  const json = checker.withDefaults(source.value);
  if (!checker.accepts(json)) throw invalid(checker.faults(json).map((fault) => placed(source, fault)));

  const { name, version, keywords = [], peerDependencies = {}, damson: manifest } = json;
  const sdkRange = peerDependencies[SDK];
  const warnings = [
    ...(keywords.includes(PLUGIN_KEYWORD)
      ? []
      : [`${file} lacks the keyword "${PLUGIN_KEYWORD}", so nobody finds it.`]),
    ...(sdkRange === undefined ? [`${file} names no peerDependency on ${SDK}, so its version is not checked.`] : []),
  ];
  const configSchema = await readConfigSchema(packageFile, manifest.configSchema, (message) =>
    invalid({ ...source.place(["damson", "configSchema"]), path: "damson.configSchema", message }),
  );
  const url =
    module === undefined ? moduleOf(packageFile, json, source.place(["exports"])) : pathToFileURL(module).href;
  return {
    name,
    version,
    packageFile,
    folder: dirname(packageFile),
    module: url,
    manifest,
    sdkRange,
    configSchema,
    warnings,
  };
}

/** The path as users know it: from the working directory when it lies below that. */
export function shownPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" || short.startsWith("..") ? path : short;
}

/** Compiles the schema of a plugin's config; without one, only an empty config is right. */
export function compileConfig(schema: object | undefined): Checker {
  return compileSchema(schema ?? { type: "object", additionalProperties: false, properties: {} });
}

async function readText(packageFile: string, file: string): Promise<string> {
  try {
    return await readFile(packageFile, "utf8");
  } catch (cause) {
    throw pluginError("PLUGIN_MANIFEST_INVALID", { file, message: errorText(cause) }, { cause });
  }
}

async function readConfigSchema(
  packageFile: string,
  name: string | undefined,
  fail: (message: string) => Error,
): Promise<object | undefined> {
  if (name === undefined) return undefined;
  const folder = dirname(packageFile);
  const path = resolve(folder, name);
  if (!path.startsWith(folder + sep)) throw fail("expected a path inside the package");
  try {
    const schema: unknown = JSON.parse(await readFile(path, "utf8"));
    if (typeof schema !== "object" || schema === null) throw new Error("expected an object");
    compileConfig(schema);
    return schema;
  } catch (cause) {
    throw fail(`${shownPath(path)} is no JSON Schema (draft-07): ${errorText(cause)}`);
  }
}

function moduleOf(packageFile: string, json: Readonly<Record<string, unknown>>, place: Issue | object): string {
  try {
    return mainModule(packageFile, json);
  } catch (cause) {
    throw invalid({ ...place, path: "exports", message: errorText(cause) });
  }
}

function hasManifest(json: unknown): boolean {
  return typeof json === "object" && json !== null && "damson" in json;
}

function invalid(issues: Issue | readonly Issue[], remedy?: string) {
  return pluginError("PLUGIN_MANIFEST_INVALID", issues, remedy === undefined ? {} : { remedy });
}
