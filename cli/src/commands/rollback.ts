import type { Command } from "commander";
import { act, addWaitFlags, type WaitFlags } from "./app-action.ts";
import { wholeNumber } from "./arguments.ts";
import { command } from "./command.ts";

/** `damson rollback` */
export function rollbackCommand(): Command {
  const self = command("rollback", "Apps", "go back to a version that ran before")
    .argument("<app>", "name of the app")
    .option(
      "--revision <number>",
      "which one, as `damson versions` numbers them (default: the one before)",
      wholeNumber,
    );
  return addWaitFlags(self).action(
    async (app: string, { revision, ...flags }: WaitFlags & { revision?: number }, called: Command) => {
      const which = revision === undefined ? {} : { revision };
      await act(called, `rolling back ${app}`, flags, (client, query) =>
        client.api.POST("/v1/apps/{app}/rollback", { params: { path: { app }, query: { ...query, ...which } } }),
      );
    },
  );
}
