import { Counter, Gauge, Registry } from "prom-client";
import { expect, onTestFinished, test } from "vitest";
import { createServer } from "./index.ts";

async function serve(registries: () => Registry[] = () => []) {
  const app = await createServer({ title: "Test", version: "1.0.0", host: "127.0.0.1", registries });
  onTestFinished(() => app.close());
  app.get("/v1/status/:app", async () => ({}));
  return app;
}

const linesOf = (text: string, name: string) => text.split("\n").filter((line) => line.includes(name));

test("requests are counted by route and status, never by URL", async () => {
  const app = await serve();
  await app.inject("/v1/status/a");
  await app.inject("/v1/status/b");
  await app.inject("/nothing/here");
  const response = await app.inject("/metrics");
  expect(response.headers["content-type"]).toMatch(/^text\/plain; version=0\.0\.4/);
  const counts = linesOf(response.body, "damson_http_request_duration_seconds_count");
  expect(counts).toEqual([
    'damson_http_request_duration_seconds_count{method="GET",route="/v1/status/:app",status="200"} 2',
    'damson_http_request_duration_seconds_count{method="GET",route="none",status="404"} 1',
  ]);
  expect(response.body).toMatch(/^process_resident_memory_bytes \d+/m);
});

test("registries are asked for at each scrape, and those that share a name are joined", async () => {
  const registries: Registry[] = [];
  const app = await serve(() => registries);
  for (const plugin of ["docker", "docker-gpu"]) {
    const registry = new Registry();
    registry.setDefaultLabels({ plugin });
    new Counter({ name: "damson_docker_pulls_total", help: "Pulls", registers: [registry] }).inc(2);
    registries.push(registry);
  }
  const { body } = await app.inject("/metrics");
  expect(linesOf(body, "damson_docker_pulls_total")).toEqual([
    "# HELP damson_docker_pulls_total Pulls",
    "# TYPE damson_docker_pulls_total counter",
    'damson_docker_pulls_total{plugin="docker"} 2',
    'damson_docker_pulls_total{plugin="docker-gpu"} 2',
  ]);
});

test("a metric that fails leaves the others alone", async () => {
  const registry = new Registry();
  const collect = () => {
    throw new Error("no");
  };
  new Gauge({ name: "broken", help: "Fails", registers: [registry], collect });
  new Gauge({ name: "sound", help: "Works", registers: [registry] }).set(1);
  const app = await serve(() => [registry]);
  const response = await app.inject("/metrics");
  expect(response.statusCode).toBe(200);
  expect(linesOf(response.body, "sound")).toContain("sound 1");
  expect(linesOf(response.body, "broken")).toEqual([]);
});
