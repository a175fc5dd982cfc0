import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A plugin package of a test. */
export interface SitePlugin {
  /** Of `damson` in package.json, beside `contract: 1` and `runsOn: [agent]`. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** Properties of its config, each by its JSON Schema. */
  readonly config?: Readonly<Record<string, object>>;
  /** Body of `setup(ctx, config)`. @default nothing */
  readonly setup?: string;
}

/** Writes a package into `node_modules` of `directory`; plugins.yaml there finds it by its name. */
export function writePlugin(directory: string, name: string, { manifest, config, setup = "" }: SitePlugin): void {
  const folder = join(directory, "node_modules", name);
  mkdirSync(folder, { recursive: true });
  const write = (file: string, content: unknown) =>
    writeFileSync(join(folder, file), typeof content === "string" ? content : JSON.stringify(content, null, 2));
  write("package.json", {
    name,
    version: "1.0.0",
    type: "module",
    exports: "./index.js",
    keywords: ["damson-plugin"],
    peerDependencies: { "@damson/plugin-sdk": "^1.0.0" },
    damson: {
      contract: 1,
      provides: [],
      runsOn: ["agent"],
      ...(config && { configSchema: "./config.schema.json" }),
      ...manifest,
    },
  });
  if (config) write("config.schema.json", { type: "object", additionalProperties: false, properties: config });
  // Tagged as by a copy of the SDK that the package brings along.
  write(
    "index.js",
    `export default {
  name: ${JSON.stringify(name)},
  [Symbol.for("damson.plugin")]: 1,
  async setup(ctx, config) { ${setup} },
};
`,
  );
}
