import type { Command } from "commander";
import { addSettingFlags } from "../settings/flags.ts";
import { command } from "./command.ts";

/** `damson dev` */
export function devCommand(): Command {
  const self = command(
    "dev",
    "Cluster",
    "in a clone of Damson: run a controller and an agent with a sample (npm start)",
  );
  return addSettingFlags(self, ["port"])
    .option("--controller-port <number>", "port that the controller listens on; 0 takes a free one (default: 8080)")
    .action(async (_flags, called: Command) => {
      const { runDev } = await import("../dev/run.ts");
      await runDev(called);
    });
}
