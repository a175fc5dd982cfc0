import type { ControllerClient, ControllerEvent } from "@damson/client";
import type { Context } from "../context.ts";
import { interruptSignal } from "../interrupt.ts";
import { lostText } from "../output/lost.ts";
import { note, print } from "../output/out.ts";
import { plain } from "../output/plain.ts";

/** Prints the events that a controller keeps, and with `follow` those that come, until Ctrl-C. */
export async function clusterEvents(
  client: ControllerClient,
  context: Context,
  query: { deployment?: string; node?: string },
  follow: boolean,
): Promise<void> {
  let last: string | undefined;
  for await (const event of client.events(query)) {
    await printEvent(event, context);
    last = event.id;
  }
  if (!follow) return;
  const events = client.followEvents(last === undefined ? query : { ...query, after: last }, {
    signal: interruptSignal(),
    onDisconnect: (reason, retryInMs) => note(lostText(client.url, reason, retryInMs)),
  });
  for await (const event of events) await printEvent(event, context);
}

function printEvent(event: ControllerEvent, { json, colors }: Context): Promise<void> {
  if (json) return print(JSON.stringify(event));
  const { time, type, deployment, instanceId, nodeId, artifactId, plugin, message } = event;
  const about = instanceId ?? deployment ?? artifactId ?? plugin;
  const where = nodeId === undefined ? about : about === undefined ? nodeId : `${about} on ${nodeId}`;
  const parts = [colors.dim(time), type, colors.bold(plain(where ?? "")), plain(message ?? "")];
  return print(parts.filter((part) => part !== "").join("  "));
}
