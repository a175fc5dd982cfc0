import type { Command } from "commander";
import { act, addWaitFlags, type WaitFlags } from "./app-action.ts";
import { command } from "./command.ts";

/** `damson delete` */
export function deleteCommand(): Command {
  const self = command("delete", "Apps", "stop an app and remove all that belongs to it");
  return addWaitFlags(self.argument("<app>", "name of the app")).action(
    async (app: string, flags: WaitFlags, called: Command) => {
      await act(called, `deleting ${app}`, flags, (client, query) =>
        client.api.DELETE("/v1/apps/{app}", { params: { path: { app }, query } }),
      );
    },
  );
}
