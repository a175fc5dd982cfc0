import { DamsonError } from "@damson/plugin-sdk";
import { describe, expect, it } from "vitest";
import type { EngineFacts } from "../engine/engine.ts";
import { checkContainerSpec } from "./check-package.ts";
import type { ContainerSpec } from "./container.ts";

const FACTS: EngineFacts = { kind: "docker", version: "28.0.0", cpus: 4, cannotLimit: [] };
const spec = (fields: Partial<ContainerSpec>): ContainerSpec => ({ image: "shop:v1", ...fields });
const port = (container_port: number, host_port?: number, more: object = {}) => ({
  container_port,
  ...(host_port === undefined ? {} : { host_port }),
  ...more,
});
const volume = (container_path: string) => ({ name: "data", container_path });

function issues(fields: Partial<ContainerSpec>, facts: EngineFacts | undefined = FACTS): string[] {
  try {
    checkContainerSpec(spec(fields), facts);
    return [];
  } catch (error) {
    if (!(error instanceof DamsonError)) throw error;
    expect(error).toMatchObject({ code: "PACKAGE_INVALID", status: 422 });
    return (error.issues ?? []).map(({ path, message }) => `${path} ${message}`);
  }
}

describe("a package that the schema allows", () => {
  it.each<[Partial<ContainerSpec>]>([
    [{}],
    [{ resources: { memory_limit: "6m", cpu_limit: 0.01, cpu_set: "0,2-3" } }],
    [{ resources: { cpu_limit: "4" } }],
    [{ ports: [port(80), port(80), port(80, 8080), port(80, 8080, { protocol: "udp" })] }],
    [{ ports: [port(80, 8080, { host_ip: "127.0.0.1" }), port(80, 8080, { host_ip: "10.0.0.1" })] }],
    [{ ports: [port(80, 8080, { host_ip: "0.0.0.0" }), port(80, 8080, { host_ip: "::" })] }],
    [{ ports: [port(80)], replicas: 3 }],
    [{ ports: [port(80, 8080)], replicas: 1 }],
    [{ ports: [port(80, 80), port(81)], network: "host" }],
    [{ network: "none" }],
    [{ volumes: [volume("/a"), volume("/a/b"), volume("/ab")] }],
    [{ volumes: [{ host_path: "/srv/..data", container_path: "/data" }] }],
    [{ args: ["x".repeat(131_071)], environment: { A: "x".repeat(131_069) } }],
    [{ capabilities: ["ALL", "NET_ADMIN"] }],
  ])("is good: %j", (fields) => expect(issues(fields)).toEqual([]));

  it.each<[Partial<ContainerSpec>, string[]]>([
    [{ resources: { memory_limit: "5m" } }, ["pkg.resources.memory_limit is less than 6m"]],
    [{ resources: { memory_limit: 6 * 2 ** 20 - 1 } }, ["pkg.resources.memory_limit is less than 6m"]],
    [{ resources: { memory_limit: "1025t" } }, ["pkg.resources.memory_limit is more than 1024t"]],
    [{ resources: { cpu_limit: "0.001" } }, ["pkg.resources.cpu_limit is less than 0.01"]],
    [{ resources: { cpu_limit: 4.5 } }, ["pkg.resources.cpu_limit is more than the 4 cores that there are"]],
    [{ resources: { cpu_set: "0-4" } }, ["pkg.resources.cpu_set names core 4, and the cores are 0-3"]],
    [{ resources: { cpu_set: "1,3-2" } }, ["pkg.resources.cpu_set has 3-2, whose first core is above its last"]],
    [{ ports: [port(80)], network: "none" }, ['pkg.ports cannot be reached with network "none"']],
    [
      { ports: [port(80), port(80, 8080)], network: "host" },
      ['pkg.ports[1].host_port cannot differ with network "host"'],
    ],
    [{ ports: [port(80, 8080), port(81, 8080)] }, ["pkg.ports[1].host_port is given twice"]],
    [{ ports: [port(80, 8080, { host_ip: "127.0.0.1" }), port(81, 8080)] }, ["pkg.ports[1].host_port is given twice"]],
    [
      { ports: [port(80, 8080, { host_ip: "::" }), port(81, 8080, { host_ip: "::1" })] },
      ["pkg.ports[1].host_port is given twice"],
    ],
    [{ ports: [port(80), port(81, 8081)], replicas: 2 }, ["pkg.ports[1].host_port cannot be taken by 2 instances"]],
    [{ volumes: [volume("/a"), volume("/b"), volume("/a/")] }, ["pkg.volumes[2].container_path is given twice"]],
    [{ volumes: [volume("/a"), volume("//a/./")] }, ["pkg.volumes[1].container_path is given twice"]],
    [{ volumes: [volume("/a/../b")] }, ['pkg.volumes[0].container_path cannot contain ".."']],
    [{ capabilities: ["KILL", "FLY"] }, ['pkg.capabilities[1] "FLY" is no capability of Linux']],
    [
      { command: ["x".repeat(131_072)], environment: { A: "é".repeat(65_535) } },
      [
        "pkg.command[0] has 131072 bytes, and a program gets at most 131071",
        "pkg.environment.A has 131072 bytes, and a program gets at most 131071",
      ],
    ],
    [{ volumes: [volume("//")] }, ["pkg.volumes[0].container_path cannot be the root"]],
    [
      { volumes: [{ host_path: "/srv/../etc", container_path: "/data" }] },
      ['pkg.volumes[0].host_path cannot contain ".."'],
    ],
    [
      {
        resources: { memory_limit: "1m", cpu_limit: 99 },
        ports: [port(80)],
        network: "none",
        volumes: [volume("/")],
      },
      [
        "pkg.resources.memory_limit is less than 6m",
        "pkg.resources.cpu_limit is more than the 4 cores that there are",
        'pkg.ports cannot be reached with network "none"',
        "pkg.volumes[0].container_path cannot be the root",
      ],
    ],
  ])("is bad all the same: %j", (fields, expected) => expect(issues(fields)).toEqual(expected));

  it("is refused where the kernel cannot set its limits", () => {
    const facts: EngineFacts = { ...FACTS, cannotLimit: ["memory_limit"] };
    expect(issues({ resources: { memory_limit: "64m" } }, facts)).toEqual([
      "pkg.resources.memory_limit cannot be set by the kernel of the engine's machine",
    ]);
    expect(issues({ resources: { cpu_limit: 1 } }, facts)).toEqual([]);
  });

  it("is checked as far as that goes before the engine was seen", () => {
    const fields = { resources: { cpu_limit: 99, cpu_set: "99", memory_limit: "1m" } };
    expect(() => checkContainerSpec(spec(fields), undefined)).toThrow(/memory_limit is less than 6m/);
    expect(() => checkContainerSpec(spec({ resources: { cpu_limit: 99, cpu_set: "99" } }), undefined)).not.toThrow();
  });
});
