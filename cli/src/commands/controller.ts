import type { Command } from "commander";
import { CONTROLLER_SETTINGS, SHARED_SETTINGS } from "../settings/controller-table.ts";
import { addFlags, flagValues } from "../settings/flags.ts";
import { thisMachine } from "../settings/machine.ts";
import { command } from "./command.ts";

/** `damson controller` */
export function controllerCommand(): Command {
  const self = command("controller", "Cluster", "run a controller over many agents, in the foreground");
  // `--token-file` is a flag of every command.
  const { tokenFile: _global, ...shared } = SHARED_SETTINGS;
  return addFlags(self, { ...CONTROLLER_SETTINGS, ...shared }).action(async (_flags, called: Command) => {
    const { resolveControllerSettings } = await import("../settings/resolve-controller.ts");
    const flags = flagValues(called.optsWithGlobals(), { ...CONTROLLER_SETTINGS, ...SHARED_SETTINGS });
    const { runController } = await import("../controller/run.ts");
    await runController(await resolveControllerSettings(flags, thisMachine()));
  });
}
