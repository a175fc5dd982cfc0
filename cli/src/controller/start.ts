import { type RunningController, startController } from "@damson/controller";
import type { Logger } from "pino";
import { INSTALLATION, pluginsFile } from "../agent/plugin-sources.ts";
import { environmentOf } from "../settings/files.ts";
import { thisMachine } from "../settings/machine.ts";
import type { ControllerStart } from "../settings/resolve-controller.ts";
import { readTls, serverToken } from "../settings/server.ts";
import { damsonVersion } from "../version.ts";

/**
 * Starts a controller in this process.
 *
 * @throws CliError (exit code 2) for settings that do not go together, and what `startController` throws.
 */
export async function startControllerFrom(start: ControllerStart, logger: Logger): Promise<RunningController> {
  const { dataDir, host, port, plugins, advertiseUrl, insecure, allowedHosts, settings } = start;
  return startController({
    dataDir,
    host,
    port,
    pluginsFile: pluginsFile({ plugins, workDir: dataDir }),
    installation: INSTALLATION,
    token: await serverToken(start, logger),
    tls: readTls(start),
    insecure,
    allowedHosts,
    advertiseUrl,
    settings,
    environment: await environmentOf(thisMachine()),
    logger,
    version: damsonVersion(),
  });
}
