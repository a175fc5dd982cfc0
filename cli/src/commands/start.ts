import type { Command } from "commander";
import { act, addWaitFlags, type WaitFlags } from "./app-action.ts";
import { command } from "./command.ts";

/** `damson start` */
export function startCommand(): Command {
  return addWaitFlags(
    command("start", "Apps", "start an app that was stopped").argument("<app>", "name of the app"),
  ).action(async (app: string, flags: WaitFlags, self: Command) => {
    await act(self, `starting ${app}`, flags, (client, query) =>
      client.api.POST("/v1/apps/{app}/start", { params: { path: { app }, query } }),
    );
  });
}
