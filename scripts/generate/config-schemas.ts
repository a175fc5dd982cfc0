import { glob, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { Manifest, type Plugin, pluginContract } from "@damson/plugin-sdk";
import { Type } from "typebox";
import { Value } from "typebox/value";
import type { GeneratedFile } from "./generated-file.ts";

const PackageJson = Type.Object({
  name: Type.String(),
  exports: Type.Object({ ".": Type.Object({ source: Type.String() }) }),
  damson: Manifest,
});

/** The config.schema.json of each plugin in plugins/, from the schema in its code. */
export async function configSchemas(root: string): Promise<GeneratedFile[]> {
  const files: GeneratedFile[] = [];
  for await (const packageFile of glob("plugins/*/package.json", { cwd: root })) {
    const json: unknown = JSON.parse(await readFile(join(root, packageFile), "utf8"));
    if (!Value.Check(PackageJson, json)) throw new Error(`${packageFile} is not the package.json of a plugin`);
    const folder = dirname(packageFile);
    const schema = await configOf(join(root, folder, json.exports["."].source));
    const { configSchema } = json.damson;
    if ((schema === undefined) !== (configSchema === undefined)) {
      throw new Error(
        `${packageFile}: "configSchema" belongs in the manifest when, and only when, the code has a config`,
      );
    }
    if (schema === undefined || configSchema === undefined) continue;
    files.push({ path: join(folder, configSchema), content: `${JSON.stringify(withDialect(schema), null, 2)}\n` });
  }
  return files;
}

async function configOf(module: string): Promise<Plugin["config"]> {
  const { default: plugin }: { default?: unknown } = await import(pathToFileURL(module).href);
  if (!isPlugin(plugin)) throw new Error(`${module} has no plugin as its default export`);
  return plugin.config;
}

function isPlugin(value: unknown): value is Plugin {
  return pluginContract(value) !== undefined;
}

function withDialect(schema: object): object {
  return { $schema: "http://json-schema.org/draft-07/schema#", ...schema };
}
