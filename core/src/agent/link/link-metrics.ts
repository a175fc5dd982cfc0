import { Gauge, Registry } from "prom-client";
import type { ControllerLink } from "./controller-link.ts";

/** What Prometheus is told of the link; counted when it is read. */
export function linkMetrics(link: Pick<ControllerLink, "status">): Registry {
  const registry = new Registry();
  new Gauge({
    name: "damson_controller_connected",
    help: "1 while the agent is connected to its controller, else 0",
    registers: [registry],
    collect() {
      this.set(link.status().state === "connected" ? 1 : 0);
    },
  });
  new Gauge({
    name: "damson_controller_queued_statuses",
    help: "Instances of which the controller is still to be told something",
    registers: [registry],
    collect() {
      this.set(link.status().queued_statuses);
    },
  });
  return registry;
}
