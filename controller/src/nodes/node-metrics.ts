import { Counter, Gauge, Registry } from "prom-client";
import type { NodeHealth } from "../model/node.ts";
import type { Objects } from "../objects/objects.ts";

const HEALTHS: readonly NodeHealth[] = ["Healthy", "Unknown", "Unhealthy"];

/** What Prometheus is told of nodes. */
export interface NodeMetrics {
  readonly registry: Registry;
  readonly heartbeats: Counter;
}

/** @param streams how many streams of nodes are open */
export function nodeMetrics(objects: Objects, streams: () => number): NodeMetrics {
  const registry = new Registry();
  const registers = [registry];
  new Gauge({
    name: "damson_nodes",
    help: "Nodes by their health",
    labelNames: ["health"] as const,
    registers,
    collect() {
      for (const health of HEALTHS) this.set({ health }, 0);
      for (const { value } of objects.nodes.all()) this.inc({ health: value.health });
    },
  });
  new Gauge({
    name: "damson_node_streams",
    help: "Open streams of nodes",
    registers,
    collect() {
      this.set(streams());
    },
  });
  const heartbeats = new Counter({ name: "damson_node_heartbeats_total", help: "Heartbeats of nodes", registers });
  return { registry, heartbeats };
}
