import { setFlagsFromString } from "node:v8";
import { type ControllerOptions, type RunningAgent, startAgent } from "@damson/core/agent";
import type { Logger } from "pino";
import { environmentOf } from "../settings/files.ts";
import { thisMachine } from "../settings/machine.ts";
import type { Settings } from "../settings/resolve.ts";
import { readTls, serverToken } from "../settings/server.ts";
import { readToken } from "../settings/token.ts";
import { damsonVersion } from "../version.ts";
import { INSTALLATION, pluginsFile } from "./plugin-sources.ts";

/**
 * Starts an agent in this process.
 *
 * @throws CliError (exit code 2) for settings that do not go together, and what `startAgent` throws.
 */
export async function startAgentFrom(settings: Settings, logger: Logger): Promise<RunningAgent> {
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
    controller: controllerOf(settings),
    environment: await environmentOf(thisMachine()),
    logger,
    version: damsonVersion(),
  });
  // The young generation is as large as starting needed. Growing on, it would take 100 MB more in a burst of requests, and
  // never give them back.
  setFlagsFromString("--semi-space-growth-factor=1");
  return agent;
}

/** The controller to join, and what is told to it of the node. */
function controllerOf(settings: Settings): ControllerOptions | undefined {
  const { controller, controllerToken, controllerTokenFile, nodeLabels, ip, capacity } = settings;
  if (controller === undefined) return undefined;
  return {
    url: controller,
    token: readToken({ token: controllerToken, tokenFile: controllerTokenFile }),
    ip,
    labels: nodeLabels,
    ...(capacity ? { capacity } : {}),
  };
}
