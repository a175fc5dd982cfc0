import { Registry } from "prom-client";
import { asPlugin } from "./attribution.ts";
import { withDeadline } from "./deadline.ts";

// Prometheus itself gives up on a scrape after 10 s by default.
const COLLECT_MS = 5_000;

/** A plugin's metrics, with the label `plugin`. Collecting one is attributed to the plugin, and given up after 5 s. */
export class PluginRegistry extends Registry {
  readonly #id: string;
  readonly #collectMs: number;

  constructor(id: string, collectMs = COLLECT_MS) {
    super();
    this.#id = id;
    this.#collectMs = collectMs;
    this.setDefaultLabels({ plugin: id });
  }

  override getSingleMetricAsString(name: string): Promise<string> {
    const late = () => new Error(`${this.#id} has not collected ${name} within ${this.#collectMs / 1_000} s`);
    const collecting = asPlugin(this.#id, async () => super.getSingleMetricAsString(name));
    return withDeadline(collecting, this.#collectMs, late);
  }
}
