import type { Command } from "commander";
import { addSettingFlags } from "../settings/flags.ts";
import { command } from "./command.ts";

/** `damson dev` */
export function devCommand(): Command {
  const self = command("dev", "Agent", "in a clone of Damson: run an agent with the sample app (npm start)");
  return addSettingFlags(self, ["port"]).action(async (_flags, called: Command) => {
    const { runDev } = await import("../agent/dev.ts");
    await runDev(called);
  });
}
