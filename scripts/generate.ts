import { resolve } from "node:path";
import { applyReference } from "./generate/apply-reference.ts";
import { cliReference } from "./generate/cli.ts";
import { configSchemas } from "./generate/config-schemas.ts";
import { errorReference } from "./generate/errors.ts";
import { type GeneratedFile, staleFiles, writeGenerated } from "./generate/generated-file.ts";
import { agentApi, controllerApi } from "./generate/openapi.ts";
import { settingsReference } from "./generate/settings.ts";

/** Writes every generated file; with `--check` it writes none, and fails naming those that are stale. */
const ROOT = resolve(import.meta.dirname, "..");

/** Everything that is generated. To add to it, write a function in scripts/generate/ and call it here. */
async function generate(): Promise<GeneratedFile[]> {
  return [
    ...(await configSchemas(ROOT)),
    ...(await agentApi()),
    ...(await controllerApi()),
    { path: "docs/reference/apply.md", content: applyReference() },
    { path: "docs/reference/cli.md", content: cliReference() },
    { path: "docs/reference/errors.md", content: await errorReference(ROOT) },
    { path: "docs/reference/settings.md", content: settingsReference() },
  ];
}

const stale = await staleFiles(ROOT, await generate());
if (!process.argv.includes("--check")) {
  for (const file of stale) {
    await writeGenerated(ROOT, file);
    console.log(`wrote ${file.path}`);
  }
} else if (stale.length > 0) {
  for (const { path } of stale) console.error(`${path} is stale`);
  console.error("Run: npm run generate");
  process.exitCode = 1;
}
