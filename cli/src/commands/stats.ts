import type { Command } from "commander";
import { type Context, contextOf } from "../context.ts";
import { interruptSignal } from "../interrupt.ts";
import { lostText } from "../output/lost.ts";
import { note, print } from "../output/out.ts";
import { openPicture } from "../output/picture.ts";
import { withProgress } from "../output/progress.ts";
import { usageLine, usageTable } from "../output/usage-view.ts";
import { followUsage } from "../usage/follow-usage.ts";
import { PresentUsage } from "../usage/present-usage.ts";
import { sampleUsage } from "../usage/sample-usage.ts";
import { command } from "./command.ts";

/** `damson stats` */
export function statsCommand(): Command {
  return command("stats", "Apps", "show what running instances use")
    .argument("[app]", "name of one app")
    .option("-f, --follow", "go on, about once a second, until Ctrl-C")
    .action(async (app: string | undefined, { follow }: { follow?: boolean }, self: Command) => {
      const context = await contextOf(self);
      if (follow) return process.stdout.isTTY && !context.json ? redraw(context, app) : printLines(context, app);
      const usages = await withProgress("measuring", context.json, () => sampleUsage(context.agent(), app));
      await context.show({ instances: usages }, (value) => usageTable(value.instances, context.colors));
    });
}

/** Shows a table in place. */
async function redraw({ colors, ...context }: Context, app: string | undefined): Promise<void> {
  const present = new PresentUsage();
  const client = context.agent();
  const picture = openPicture(false);
  const options = {
    signal: interruptSignal(),
    onConnect: () => {
      present.release();
      picture.show(undefined, () => usageTable(present.list(), colors));
    },
    onDisconnect: (reason: Error | undefined, ms: number) => {
      present.hold();
      picture.warn(lostText(client.url, reason, ms));
    },
  };
  try {
    await followUsage(client, app, options, (usage) => present.add(usage));
  } finally {
    picture.close();
  }
}

/** Prints a line for each sample. */
async function printLines({ json, colors, ...context }: Context, app: string | undefined): Promise<void> {
  const client = context.agent();
  const options = {
    signal: interruptSignal(),
    onDisconnect: (reason: Error | undefined, ms: number) => note(lostText(client.url, reason, ms)),
  };
  await followUsage(client, app, options, (usage) => print(json ? JSON.stringify(usage) : usageLine(usage, colors)));
}
