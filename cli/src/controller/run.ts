import { flushCompileCache } from "node:module";
import { serverLogger } from "../agent/logger.ts";
import { interruptSignal, whenAborted } from "../interrupt.ts";
import type { ControllerStart } from "../settings/resolve-controller.ts";
import { startControllerFrom } from "./start.ts";

/** Runs a controller until SIGTERM or Ctrl-C. Agents and their apps go on. SIGHUP reads plugins.yaml again. */
export async function runController(start: ControllerStart): Promise<void> {
  const logger = await serverLogger(process.stdout, "info");
  const interrupted = interruptSignal();
  const controller = await startControllerFrom(start, logger);
  const { controllerId, url } = controller;
  logger.info({ url, controller_id: controllerId, data_dir: start.dataDir }, "The controller is up");
  flushCompileCache();
  process.on("SIGHUP", () => {
    controller.reload().catch((error: unknown) => logger.error({ err: error }, "The plugins were not reloaded"));
  });
  await whenAborted(interrupted);
  await controller.stop();
}
