import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startController } from "@damson/controller";
import { startAgent } from "@damson/core/agent";
import { pino } from "pino";
import { damsonVersion } from "../../cli/src/version.ts";
import { generateTypes } from "../../client/scripts/generate-types.ts";
import type { GeneratedFile } from "./generated-file.ts";

interface RunningServer {
  readonly url: string;
  stop(): Promise<unknown>;
}

/** The agent's OpenAPI document, as an agent serves it, and the client's types, which are made from it. */
export async function agentApi(): Promise<GeneratedFile[]> {
  return api("agent", (workDir) =>
    startAgent({ ...common(workDir), workDir, agentId: "generate", nodeId: "generate" }),
  );
}

/** The same of the controller. */
export async function controllerApi(): Promise<GeneratedFile[]> {
  return api("controller", (dataDir) => startController({ ...common(dataDir), dataDir }));
}

function common(directory: string) {
  return {
    host: "127.0.0.1",
    port: 0,
    pluginsFile: undefined,
    installation: directory,
    logger: pino({ level: "silent" }),
    version: damsonVersion(),
  };
}

async function api(name: string, start: (directory: string) => Promise<RunningServer>): Promise<GeneratedFile[]> {
  const document = `${JSON.stringify(await documentOf(start), null, 2)}\n`;
  return [
    { path: `client/openapi/${name}.json`, content: document },
    { path: `client/src/${name}.generated.ts`, content: await generateTypes(document) },
  ];
}

async function documentOf(start: (directory: string) => Promise<RunningServer>): Promise<unknown> {
  const directory = await mkdtemp(join(tmpdir(), "damson-openapi-"));
  try {
    const server = await start(directory);
    try {
      const response = await fetch(`${server.url}/openapi.json`);
      return await response.json();
    } finally {
      await server.stop();
    }
  } finally {
    await rm(directory, { recursive: true });
  }
}
