import { answer } from "@damson/client";
import type { Command } from "commander";
import { usageError } from "../cli-error.ts";
import { contextOf } from "../context.ts";
import { plain } from "../output/plain.ts";
import { withProgress } from "../output/progress.ts";
import { addSettingFlags } from "../settings/flags.ts";
import type { SettingName } from "../settings/table.ts";
import { command } from "./command.ts";

/** The settings of an agent that are flags of `damson agent`; `--token-file` is a flag of every command. */
const FLAGS: readonly SettingName[] = [
  ...(["workDir", "port", "host", "agentId", "plugins", "runMode", "controller"] as const),
  ...(["controllerTokenFile", "nodeLabels", "ip", "capacity"] as const),
  ...(["tlsCert", "tlsKey", "insecure", "allowedHosts"] as const),
];

/** `damson agent` and `damson agent stop` */
export function agentCommand(): Command {
  const agent = command("agent", "Agent", "run the agent of this machine, in the foreground");
  return addSettingFlags(agent, FLAGS)
    .action(async (_flags, self: Command) => {
      const { runAgent } = await import("../agent/run.ts");
      await runAgent((await contextOf(self)).settings);
    })
    .addCommand(agentStopCommand())
    .helpCommand(false);
}

function agentStopCommand(): Command {
  return command("stop", "Agent", "end the agent; its apps go on unless told otherwise")
    .option("--apps", "stop the apps first")
    .action(async ({ apps = false }: { apps?: boolean }, self: Command) => {
      refuseServerFlags(self.parent);
      const context = await contextOf(self);
      const { api } = context.agent({ timeoutMs: 120_000 });
      const done = await withProgress("stopping the agent", context.json, () =>
        answer(api.POST("/v1/agent/stop", { body: { apps } })),
      );
      await context.show(done, ({ message }) => plain(message));
    });
}

/** commander takes the flags of `damson agent` here too; `--port 8082` would end the agent of another port. */
function refuseServerFlags(agent: Command | null): void {
  const given = agent?.options.find((option) => agent.getOptionValueSource(option.attributeName()) === "cli");
  if (!given) return;
  throw usageError(
    `${given.long} is for starting an agent, not for ending one`,
    "Say which agent by its URL, such as --agent http://127.0.0.1:8081.",
  );
}
