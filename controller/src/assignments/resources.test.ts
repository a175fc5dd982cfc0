import { expect, test } from "vitest";
import { resourcesOf } from "./resources.ts";

const of = (pkg: object) => resourcesOf({ spec: { pkg } as never });

test("limits and host ports of a package are what an instance asks for", () => {
  const resources = { cpu_limit: "0.5", memory_limit: "512m" };
  const ports = [{ host_port: 8080, container_port: 80 }, { host_port: 53, protocol: "udp" }, { container_port: 81 }];
  expect(of({ resources, ports })).toEqual({ cpu: 0.5, memory: 512 * 2 ** 20, ports: ["8080/tcp", "53/udp"] });
  expect(resourcesOf({ spec: { package: { resources: { memory_limit: 1_024 } } } })).toEqual({
    memory: 1_024,
    ports: [],
  });
});

test.each([
  ["nothing", {}],
  ["what cannot be read", { resources: { cpu_limit: "much", memory_limit: "more" }, ports: "80" }],
  ["less than nothing", { resources: { cpu_limit: "-1", memory_limit: -1 }, ports: [{ host_port: -1 }, null] }],
  ["lists in place of texts", { resources: { cpu_limit: [], memory_limit: {} }, ports: [[]] }],
])("%s counts as nothing", (_, pkg) => {
  expect(of(pkg)).toEqual({ ports: [] });
});

test("an entry of an archive asks for nothing", () => {
  expect(resourcesOf({})).toEqual({ ports: [] });
});
