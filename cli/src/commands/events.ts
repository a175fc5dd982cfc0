import type { AgentEvent } from "@damson/client";
import type { Command } from "commander";
import { type Context, contextOf } from "../context.ts";
import { interruptSignal } from "../interrupt.ts";
import { lostText } from "../output/lost.ts";
import { note, print } from "../output/out.ts";
import { plain } from "../output/plain.ts";
import { command } from "./command.ts";

/** `damson events` */
export function eventsCommand(): Command {
  return command("events", "Agent", "print what happened on the agent")
    .option("-f, --follow", "go on with what happens next, until Ctrl-C")
    .option("--app <name>", "of one app only")
    .action(async ({ follow, app }: { follow?: boolean; app?: string }, self: Command) => {
      const context = await contextOf(self);
      const client = context.agent();
      const query = app === undefined ? {} : { app };
      let last: string | undefined;
      for await (const event of client.events(query)) {
        await printEvent(event, context);
        last = event.id;
      }
      if (!follow) return;
      const from = last === undefined ? query : { ...query, after: last };
      const events = client.followEvents(from, {
        signal: interruptSignal(),
        onDisconnect: (reason, retryInMs) => note(lostText(client.url, reason, retryInMs)),
      });
      for await (const event of events) await printEvent(event, context);
    });
}

function printEvent(event: AgentEvent, { json, colors }: Context): Promise<void> {
  if (json) return print(JSON.stringify(event));
  const { time, type, app, instance_id, runtime, message } = event;
  const parts = [colors.dim(time), type, colors.bold(instance_id ?? app ?? runtime ?? ""), plain(message ?? "")];
  return print(parts.filter((part) => part !== "").join("  "));
}
