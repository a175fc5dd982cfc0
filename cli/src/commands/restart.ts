import type { Command } from "commander";
import { act, addWaitFlags, type WaitFlags } from "./app-action.ts";
import { command } from "./command.ts";

/** `damson restart` */
export function restartCommand(): Command {
  return addWaitFlags(
    command("restart", "Apps", "stop an app and start it again").argument("<app>", "name of the app"),
  ).action(async (app: string, flags: WaitFlags, self: Command) => {
    await act(self, `restarting ${app}`, flags, (client, query) =>
      client.api.POST("/v1/apps/{app}/restart", { params: { path: { app }, query } }),
    );
  });
}
