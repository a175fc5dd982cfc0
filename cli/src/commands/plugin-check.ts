import type { Command } from "commander";
import { contextOf } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import { colorsFor } from "../output/colors.ts";
import { note } from "../output/out.ts";
import { plain } from "../output/plain.ts";
import { pluginTable } from "../output/plugin-view.ts";
import { renderReport, reportOf } from "../report.ts";
import { addSettingFlags } from "../settings/flags.ts";
import { command } from "./command.ts";

/** `damson plugin check` */
export function pluginCheckCommand(): Command {
  const self = command("check", "Agent", "check a plugins.yaml and its plugins, without running any of their code");
  return addSettingFlags(self, ["plugins"]).action(async (_flags, called: Command) => {
    const context = await contextOf(called);
    const { checkPlugins } = await import("@damson/core/host");
    const { pluginSources } = await import("../agent/plugin-sources.ts");
    const { errors, plugins, warnings } = await checkPlugins(await pluginSources(context.settings), "agent");
    const reports = await Promise.all(errors.map(reportOf));
    // Faults of the file itself keep its plugins from being known: "No plugins." would be no answer.
    const known = plugins.length > 0 || errors.length === 0;
    if (context.json || known)
      await context.show({ plugins, errors: reports, warnings }, () => pluginTable(plugins, context.colors));
    if (!context.json) {
      const colors = colorsFor(process.stderr, called.optsWithGlobals().color !== false);
      for (const warning of warnings) note(`${colors.yellow("warning")} ${plain(warning)}`);
      for (const report of reports) note(renderReport(report, colors));
    }
    if (errors.length > 0) process.exitCode = EXIT.failed;
  });
}
