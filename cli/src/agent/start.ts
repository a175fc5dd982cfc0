import { setFlagsFromString } from "node:v8";
import { type RunningAgent, startAgent } from "@damson/core/agent";
import type { Logger } from "pino";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import { environmentOf } from "../settings/files.ts";
import { thisMachine } from "../settings/machine.ts";
import type { Settings } from "../settings/resolve.ts";
import { readTls, serverToken } from "../settings/server.ts";
import { damsonVersion } from "../version.ts";
import { INSTALLATION, pluginsFile } from "./plugin-sources.ts";

/**
 * Starts an agent in this process.
 *
 * @throws CliError (exit code 2) for settings that do not go together, and what `startAgent` throws.
 */
export async function startAgentFrom(settings: Settings, logger: Logger): Promise<RunningAgent> {
  refuseController(settings);
  const { agentId, allowedHosts, host, insecure, nodeId, port, runMode, workDir } = settings;
  const agent = await startAgent({
    workDir,
    host,
    port,
    agentId,
    nodeId: nodeId ?? agentId,
    pluginsFile: pluginsFile(settings),
    installation: INSTALLATION,
    runMode,
    token: await serverToken(settings, logger),
    tls: readTls(settings),
    insecure,
    allowedHosts: [...allowedHosts],
    environment: await environmentOf(thisMachine()),
    logger,
    version: damsonVersion(),
  });
  // The young generation is as large as starting needed. Growing on, it would take 100 MB more in a burst of requests, and
  // never give them back.
  setFlagsFromString("--semi-space-growth-factor=1");
  return agent;
}

function refuseController({ controller }: Settings): void {
  if (controller === undefined) return;
  throw new CliError("CONTROLLER_UNSUPPORTED", `this version cannot join a controller (${controller})`, {
    exitCode: EXIT.usage,
    remedy: "Leave out --controller, DAMSON_CONTROLLER and CONTROLLER_BASE: the agent works on its own.",
  });
}
