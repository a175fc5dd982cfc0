import { resolve } from "node:path";
import { isDamsonError } from "@damson/plugin-sdk";
import { installedPlugins } from "./installed.ts";
import { type PluginPackage, readPackage } from "./manifest.ts";
import { PluginEntrySchema } from "./plugins-file-schema.ts";
import { type PluginSources, searchPlaces } from "./read-plan.ts";

/**
 * JSON Schema of plugins.yaml for editors: completes the names of the plugins that are installed and, for each, its
 * config. Runs no code of theirs; a package that is no sound plugin is left out.
 */
export async function pluginsFileSchema(sources: PluginSources): Promise<object> {
  const installed = await installedPlugins(searchPlaces(sources, resolve(sources.file)));
  const packages = (await Promise.all(installed.map(({ packageFile }) => soundPackage(packageFile)))).flat();
  const { use, ...others } = PluginEntrySchema.properties;
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Damson's plugins.yaml",
    type: "object",
    additionalProperties: false,
    required: ["plugins"],
    properties: {
      plugins: {
        type: "array",
        items: {
          ...PluginEntrySchema,
          properties: { use: { ...use, anyOf: [{ enum: packages.map(({ name }) => name) }, {}] }, ...others },
          allOf: packages.map(({ name, configSchema }) => ({
            if: { required: ["use"], properties: { use: { const: name } } },
            // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema; nobody awaits this object
            then: { properties: { config: configSchema ?? { maxProperties: 0 } } },
          })),
        },
      },
    },
  };
}

async function soundPackage(packageFile: string): Promise<PluginPackage[]> {
  try {
    return [await readPackage({ packageFile, module: undefined })];
  } catch (error) {
    if (isDamsonError(error)) return [];
    throw error;
  }
}
