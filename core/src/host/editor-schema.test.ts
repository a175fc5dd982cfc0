import { join } from "node:path";
import { expect, test } from "vitest";
import { compileSchema, issueText } from "../schema/index.ts";
import { makeSite } from "./fixtures/site.ts";
import { installedPlugins, pluginsFileSchema } from "./index.ts";

const configSchema = {
  type: "object",
  additionalProperties: false,
  properties: { socket_path: { type: "string" }, pull: { type: "boolean" } },
};

test("the schema of plugins.yaml checks each installed plugin's config, and knows its name", async () => {
  const site = await makeSite();
  await site.plugin("@x/docker", { configSchema });
  await site.plugin("plain", {});
  await site.plugin("broken", { manifest: { runsOn: [] } });
  const schema = await pluginsFileSchema({ file: site.file, installation: site.directory });
  expect(JSON.stringify(schema)).toContain('"@x/docker"');
  expect(JSON.stringify(schema)).not.toContain('"broken"');

  const checker = compileSchema(schema);
  const faults = (entry: object) => checker.check({ plugins: [entry] }).map(issueText);
  expect(faults({ use: "@x/docker", config: { pull: true } })).toEqual([]);
  expect(faults({ use: "@x/docker", config: { pull: 1 } })).toEqual([
    "plugins[0].config.pull: expected boolean, got number 1",
  ]);
  expect(faults({ use: "plain", config: { a: 1 } })).toEqual([
    "plugins[0].config: expected at most 0 properties, got 1",
  ]);
  expect(faults({ use: "./somewhere", config: { any: "thing" } })).toEqual([]);
  expect(faults({ use: "@x/docker", requierd: true })).toEqual([
    'plugins[0].requierd: unknown property. Did you mean "required"? Allowed: use, id, required, config.',
  ]);
});

test("installed plugins are listed once, the copy that would be used", async () => {
  const site = await makeSite();
  await site.plugin("@x/docker", {});
  await site.plugin("@x/docker", {}, "own/node_modules/@x/docker");
  await site.plugin("@x/process", {}, "own/node_modules/@x/process");
  await site.plugin("library", { package: { damson: undefined } });
  const pluginDirectory = join(site.directory, "own");
  const installed = await installedPlugins({ file: site.file, pluginDirectory, installation: site.directory });
  const files = installed.map(({ packageFile }) => packageFile).filter((file) => file.startsWith(site.directory));
  expect(files).toEqual([
    join(site.directory, "node_modules/@x/docker/package.json"),
    join(pluginDirectory, "node_modules/@x/process/package.json"),
  ]);
});
