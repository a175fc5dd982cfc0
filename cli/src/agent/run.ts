import { flushCompileCache } from "node:module";
import { interruptSignal, whenAborted } from "../interrupt.ts";
import type { Settings } from "../settings/resolve.ts";
import { serverLogger } from "./logger.ts";
import { startAgentFrom } from "./start.ts";

/** Runs an agent until SIGTERM, Ctrl-C or `damson agent stop`. The apps go on. SIGHUP reads plugins.yaml again. */
export async function runAgent(settings: Settings): Promise<void> {
  const logger = await serverLogger(process.stdout, "info");
  const interrupted = interruptSignal();
  const agent = await startAgentFrom(settings, logger);
  logger.info({ url: agent.url, agent_id: agent.agentId, work_dir: settings.workDir }, "The agent is up");
  // Node writes its cache of compiled code when a process ends by itself, and an agent may well be killed.
  flushCompileCache();
  process.on("SIGHUP", () => {
    agent.reload().catch((error: unknown) => logger.error({ err: error }, "The plugins were not reloaded"));
  });
  await Promise.race([whenAborted(interrupted), agent.ended]);
  await agent.stop();
}
