import type { Settings } from "../settings/resolve.ts";
import { agentLogger } from "./logger.ts";
import { startAgentFrom } from "./start.ts";

/** Runs an agent until SIGTERM, Ctrl-C or `damson agent stop`. The apps go on. SIGHUP reads plugins.yaml again. */
export async function runAgent(settings: Settings): Promise<void> {
  const logger = await agentLogger(process.stdout, "info");
  const agent = await startAgentFrom(settings, logger);
  process.on("SIGHUP", () => {
    agent.reload().catch((error: unknown) => logger.error({ err: error }, "The plugins were not reloaded"));
  });
  for (const name of ["SIGTERM", "SIGINT"] as const) {
    process.once(name, () => {
      agent.stop().catch((error: unknown) => {
        logger.error({ err: error }, "The agent did not stop cleanly");
        process.exitCode = 1;
      });
    });
  }
}
