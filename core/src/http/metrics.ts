import { errorText, type Logger } from "@damson/plugin-sdk";
import type { FastifyInstance } from "fastify";
import { collectDefaultMetrics, Histogram, Registry } from "prom-client";

// The default of 10 ms would wake an idle process a hundred times a second.
const EVENT_LOOP_PRECISION_MS = 100;

/** Registries that a server shows beside its own, asked for at each scrape, since plugins come and go. */
export type Registries = () => Iterable<Registry>;

/** Serves `GET /metrics` in Prometheus' text format: the process, the durations of requests, and `registries`. */
export function serveMetrics(app: FastifyInstance, registries: Registries): void {
  const own = new Registry();
  collectDefaultMetrics({ register: own, eventLoopMonitoringPrecision: EVENT_LOOP_PRECISION_MS });
  observeRequests(app, own);
  app.get("/metrics", { schema: { hide: true } }, async (request, reply) => {
    void reply.type(Registry.PROMETHEUS_CONTENT_TYPE);
    return metricsText([own, ...registries()], request.log);
  });
}

function observeRequests(app: FastifyInstance, register: Registry): void {
  const duration = new Histogram({
    name: "damson_http_request_duration_seconds",
    help: "Time to answer a request, by its route",
    labelNames: ["method", "route", "status"] as const,
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
    registers: [register],
  });
  app.addHook("onResponse", (request, reply, done) => {
    // The pattern and not the URL, which anyone could make new series with.
    const { url: route = "none" } = request.routeOptions;
    duration.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
    done();
  });
}

/**
 * The text of several registries. prom-client's own merge refuses a name that two of them have, as two plugins of one
 * package do; here the second one's samples join the first one's, which its default labels keep apart.
 */
async function metricsText(registries: readonly Registry[], log: Logger): Promise<string> {
  const metrics = new Map<string, string>();
  for (const registry of registries) {
    for (const { name } of registry.getMetricsAsArray()) {
      try {
        const text = await registry.getSingleMetricAsString(name);
        const before = metrics.get(name);
        metrics.set(name, before === undefined ? text : `${before}\n${samplesOf(text)}`);
      } catch (error) {
        log.warn({ err: error, metric: name }, `The metric ${name} cannot be read: ${errorText(error)}`);
      }
    }
  }
  return `${[...metrics.values()].join("\n\n")}\n`;
}

function samplesOf(text: string): string {
  const lines = text.split("\n").filter((line) => !line.startsWith("#"));
  return lines.join("\n");
}
