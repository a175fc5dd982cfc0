import type { Command } from "commander";
import { act, addWaitFlags, type WaitFlags } from "./app-action.ts";
import { command } from "./command.ts";

/** `damson stop` */
export function stopCommand(): Command {
  return addWaitFlags(
    command("stop", "Apps", "stop an app; it stays declared").argument("<app>", "name of the app"),
  ).action(async (app: string, flags: WaitFlags, self: Command) => {
    await act(self, `stopping ${app}`, flags, (client, query) =>
      client.api.POST("/v1/apps/{app}/stop", { params: { path: { app }, query } }),
    );
  });
}
