import type { HostEvent } from "@damson/plugin-sdk";
import type { EventLog } from "./event-log.ts";

/** A server's events, as its plugin host publishes them and listens to them. */
export function hostEvents(events: EventLog) {
  return {
    publish: (event: HostEvent & { readonly plugin: string }) => void events.publish(event),
    subscribe: (listener: (event: HostEvent) => void) => events.listen(listener),
  };
}
