import type { AgentEvent } from "@damson/client";
import type { Command } from "commander";
import { usageError } from "../cli-error.ts";
import { clusterEvents } from "../cluster/cluster-events.ts";
import { withController } from "../cluster/with-controller.ts";
import { type Context, contextOf } from "../context.ts";
import { interruptSignal } from "../interrupt.ts";
import { lostText } from "../output/lost.ts";
import { note, print } from "../output/out.ts";
import { plain } from "../output/plain.ts";
import { addSettingFlags } from "../settings/flags.ts";
import { command } from "./command.ts";

interface EventsFlags {
  readonly follow?: boolean;
  readonly app?: string;
  readonly cluster?: boolean;
  readonly controller?: string;
  readonly deployment?: string;
  readonly node?: string;
}

/** `damson events` */
export function eventsCommand(): Command {
  const self = command("events", "Agent", "print what happened on the agent, or with --cluster on the controller")
    .option("-f, --follow", "go on with what happens next, until Ctrl-C")
    .option("--app <name>", "of one app of the agent only")
    .option("--cluster", "those of the controller; implied by the flags that follow");
  return addSettingFlags(self, ["controller"])
    .option("--deployment <name>", "of one deployment only")
    .option("--node <id>", "of one node only")
    .action((flags: EventsFlags, called: Command) => {
      const { app, controller, deployment, follow = false, node } = flags;
      const cluster = flags.cluster || [controller, deployment, node].some((given) => given !== undefined);
      if (!cluster) return agentEvents(called, follow, app);
      if (app !== undefined) throw usageError("--app is of an agent's events; with --cluster use --deployment");
      const query = { ...(deployment !== undefined && { deployment }), ...(node !== undefined && { node }) };
      return withController(called, (client, context) => clusterEvents(client, context, query, follow));
    });
}

async function agentEvents(self: Command, follow: boolean, app: string | undefined): Promise<void> {
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
}

function printEvent(event: AgentEvent, { json, colors }: Context): Promise<void> {
  if (json) return print(JSON.stringify(event));
  const { time, type, app, instance_id, runtime, message } = event;
  const parts = [colors.dim(time), type, colors.bold(instance_id ?? app ?? runtime ?? ""), plain(message ?? "")];
  return print(parts.filter((part) => part !== "").join("  "));
}
