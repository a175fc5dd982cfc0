import { Counter, Gauge, Registry } from "prom-client";
import type { Changes } from "./changes/changes.ts";
import { type Kind, PREFIXES } from "./model/keys.ts";
import type { Objects } from "./objects/objects.ts";

/** How many objects there are, and how many changes are made: read at each scrape, so that it costs nothing in between. */
export function controllerMetrics(objects: Objects, changes: Changes): Registry {
  const registry = new Registry();
  const registers = [registry];
  new Gauge({
    name: "damson_controller_objects",
    help: "Objects in the store, by their kind",
    labelNames: ["kind"] as const,
    registers,
    collect() {
      for (const kind of Object.keys(PREFIXES) as Kind[]) this.set({ kind }, objects.of(kind).size);
    },
  });
  new Gauge({
    name: "damson_controller_store_revision",
    help: "Revision of the store that the controller has seen",
    registers,
    collect() {
      this.set(objects.revision);
    },
  });
  const counters = {
    damson_controller_commits_total: ["Changes that were committed", () => changes.commits],
    damson_controller_conflicts_total: [
      "Changes that others came before, and that were made anew",
      () => changes.conflicts,
    ],
  } as const;
  for (const [name, [help, count]] of Object.entries(counters)) {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(count());
      },
    });
  }
  return registry;
}
