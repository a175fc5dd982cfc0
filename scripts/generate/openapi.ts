import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startAgent } from "@damson/core/agent";
import { pino } from "pino";
import { damsonVersion } from "../../cli/src/version.ts";
import { generateTypes } from "../../client/scripts/generate-types.ts";
import type { GeneratedFile } from "./generated-file.ts";

/** The agent's OpenAPI document, as an agent serves it, and the client's types, which are made from it. */
export async function agentApi(): Promise<GeneratedFile[]> {
  const document = `${JSON.stringify(await agentDocument(), null, 2)}\n`;
  return [
    { path: "client/openapi/agent.json", content: document },
    { path: "client/src/agent.generated.ts", content: await generateTypes(document) },
  ];
}

async function agentDocument(): Promise<unknown> {
  const workDir = await mkdtemp(join(tmpdir(), "damson-openapi-"));
  try {
    const agent = await startAgent({
      workDir,
      host: "127.0.0.1",
      port: 0,
      agentId: "generate",
      nodeId: "generate",
      pluginsFile: undefined,
      installation: workDir,
      logger: pino({ level: "silent" }),
      version: damsonVersion(),
    });
    try {
      const response = await fetch(`${agent.url}/openapi.json`);
      return await response.json();
    } finally {
      await agent.stop();
    }
  } finally {
    await rm(workDir, { recursive: true });
  }
}
