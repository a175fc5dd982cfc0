import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { asPlugin } from "./attribution.ts";
import { withDeadline } from "./deadline.ts";

/** The metrics of one plugin. */
export interface MetricsSource {
  readonly id: string;
  readonly metrics: Registry;
  readonly log: Logger;
}

// Prometheus itself gives up on a scrape after 10 s by default.
const COLLECT_MS = 5_000;

/**
 * The plugins' metrics in Prometheus' text format. A name in `taken`, or of an earlier plugin, is left out, since no name
 * may occur twice; so is a plugin whose collecting fails or takes longer than 5 s. Either is logged.
 */
export async function pluginMetrics(sources: readonly MetricsSource[], taken: Iterable<string>): Promise<string> {
  const names = new Set(taken);
  const texts = await Promise.all(
    sources.map(async ({ id, metrics, log }) => {
      const own = metrics.getMetricsAsArray().map(({ name }) => name);
      const free = own.filter((name) => !names.has(name));
      for (const name of free) names.add(name);
      if (free.length < own.length) {
        log.warn({ names: own.filter((name) => !free.includes(name)) }, `metrics of ${id} have names that are taken`);
      }
      try {
        const collecting = asPlugin(id, () => Promise.all(free.map((name) => metrics.getSingleMetricAsString(name))));
        return await withDeadline(collecting, COLLECT_MS, () => new Error(`not collected within ${COLLECT_MS} ms`));
      } catch (error) {
        log.error({ err: error }, `the metrics of ${id} could not be collected`);
        return [];
      }
    }),
  );
  return texts
    .flat()
    .map((text) => `${text.trimEnd()}\n`)
    .join("\n");
}
