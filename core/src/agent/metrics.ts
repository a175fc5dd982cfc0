import { Counter, Gauge, Registry } from "prom-client";
import type { Agent } from "./agent.ts";
import { Phase } from "./schema/status.ts";

/** The agent's own metrics; gauges are counted when they are read. */
export function agentMetrics(agent: Agent): Registry {
  const registry = new Registry();
  new Gauge({
    name: "damson_apps",
    help: "Apps declared",
    registers: [registry],
    collect() {
      this.set(agent.apps().length);
    },
  });
  new Gauge({
    name: "damson_instances",
    help: "Instances by phase",
    labelNames: ["phase"],
    registers: [registry],
    collect() {
      const counts = new Map<string, number>(Phase.enum.map((phase) => [phase, 0]));
      for (const app of agent.apps()) {
        for (const { phase } of agent.status(app).instances) counts.set(phase, (counts.get(phase) ?? 0) + 1);
      }
      for (const [phase, count] of counts) this.set({ phase }, count);
    },
  });
  const events = new Counter({
    name: "damson_events_total",
    help: "Events by type since the agent was started, e.g. instance.exited",
    labelNames: ["type"],
    registers: [registry],
  });
  agent.events.listen((event) => events.inc({ type: event.type }));
  return registry;
}
