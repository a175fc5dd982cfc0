import { DamsonError } from "@damson/plugin-sdk";
import { describe, expect, it } from "vitest";
import { packages } from "./package-schema.ts";

const docker = { type: "docker", image: "shop:v1" };
const artifact = { type: "artifact", url: "https://example.org/a.zip", sha256: "a".repeat(64) };

/** Every field that a document for Boreas's agent may have. */
const BOREAS = {
  type: "docker",
  image: "my-app:v1.0.0",
  command: ["/app/my-app"],
  args: ["--config", "/app/config.yaml"],
  environment: { ENV: "production" },
  volumes: [{ host_path: "/data", container_path: "/app/data", read_only: false }],
  ports: [{ host_port: 8080, container_port: 8080, protocol: "tcp" }],
};

describe("a package", () => {
  it.each([
    BOREAS,
    docker,
    { ...docker, image: `ghcr.io/shop/api@sha256:${"a".repeat(64)}` },
    { ...docker, command: ["a", ""], args: ["", "é"], environment: { A_1: "", _b: "x" }, replicas: 0 },
    { ...docker, resources: { cpu_limit: 0.25, memory_limit: 8_388_608, cpu_set: "0,2-3", pids_limit: 1 } },
    { ...docker, resources: { cpu_limit: "1.5", memory_limit: "64Mi" }, logs: { max_size: "1m", max_files: 1 } },
    { ...docker, ports: [{ container_port: 80 }, { container_port: 53, protocol: "udp", host_ip: "127.0.0.1" }] },
    { ...docker, ports: [{ container_port: 80, host_port: 65_535, host_ip: "::1" }] },
    { ...docker, volumes: [{ name: "cache_1.a-b", container_path: "/cache" }] },
    { ...docker, volumes: [{ tmpfs: "16m", container_path: "/tmp" }] },
    { ...docker, user: "www-data", working_dir: "/srv/a b" },
    { ...docker, user: "1000:0" },
    { ...docker, network: "host" },
    { ...docker, network: "my_net.1-a" },
    { ...docker, extra_hosts: { "db.internal": "10.0.0.1", cache: "fd00::1", host: "host-gateway" } },
    { ...docker, pull_policy: "if_not_present", read_only: true, init: false },
    { ...docker, capabilities: [] },
    { ...docker, capabilities: ["NET_ADMIN", "SYS_PTRACE"] },
    { ...docker, log_driver: { type: "json-file", options: { "max-size": "1m" } } },
    { ...docker, log_driver: { type: "grafana/loki-docker-driver:latest" } },
    artifact,
    { type: "artifact", path: "/srv/a.tgz", image: "debian:12", command: ["./run", "x"] },
    { ...artifact, environment: { A: "b" }, resources: { memory_limit: "64m" }, network: "app" },
  ])("is good: %j", (pkg) => expect(packages.read(pkg)).toBe(pkg));

  it.each<[{ type: string }, string]>([
    [{ type: "docker" }, "pkg"],
    [{ ...docker, image: "" } as { type: string }, "pkg.image"],
    [{ ...docker, image: "two words" } as { type: string }, "pkg.image"],
    [{ ...docker, image: "x".repeat(513) } as { type: string }, "pkg.image"],
    [{ ...docker, image: "../containers/json?x=" } as { type: string }, "pkg.image"],
  ])("is bad, and says where: %j", (pkg, path) => {
    expect(() => packages.read(pkg)).toThrow(DamsonError);
    expect(() => packages.read(pkg)).toThrow(
      expect.objectContaining({
        code: "PACKAGE_INVALID",
        status: 400,
        issues: expect.arrayContaining([expect.objectContaining({ path })]),
      }),
    );
  });

  it.each([
    { type: "binary", command: ["x"] },
    { ...docker, comand: ["x"] },
    { ...docker, command: [] },
    { ...docker, command: "sh" },
    { ...docker, command: ["a\0b"] },
    { ...docker, environment: { "A-B": "x" } },
    { ...docker, environment: { A: "x\0y" } },
    { ...docker, environment: { A: 1 } },
    { ...docker, working_dir: "relative" },
    { ...docker, user: "root; rm -rf /" },
    { ...docker, user: "-x" },
    { ...docker, user: "a:b:c" },
    { ...docker, replicas: -1 },
    { ...docker, replicas: 1.5 },
    { ...docker, resources: { cpu_limit: 0 } },
    { ...docker, resources: { memory_limit: "lots" } },
    { ...docker, resources: { cpu_set: "0-" } },
    { ...docker, resources: { pids_limit: 0 } },
    { ...docker, resources: { cpu: 1 } },
    { ...docker, ports: [{ host_port: 80 }] },
    { ...docker, ports: [{ container_port: 0 }] },
    { ...docker, ports: [{ container_port: 65_536 }] },
    { ...docker, ports: [{ container_port: 80, protocol: "sctp" }] },
    { ...docker, ports: [{ container_port: 80, host_ip: "localhost" }] },
    { ...docker, ports: [{ container_port: 80, host_ip: "127.0.0.1:22" }] },
    { ...docker, volumes: [{ container_path: "/data" }] },
    { ...docker, volumes: [{ host_path: "/a" }] },
    { ...docker, volumes: [{ host_path: "/a", name: "b", container_path: "/c" }] },
    { ...docker, volumes: [{ host_path: "relative", container_path: "/c" }] },
    { ...docker, volumes: [{ host_path: "/a:/etc", container_path: "/c" }] },
    { ...docker, volumes: [{ host_path: "/a", container_path: "/c:ro" }] },
    { ...docker, volumes: [{ name: "../x", container_path: "/c" }] },
    { ...docker, volumes: [{ name: "-x", container_path: "/c" }] },
    { ...docker, volumes: [{ host_path: "/a", container_path: "/c", readonly: true }] },
    { ...docker, network: "container:other" },
    { ...docker, network: "" },
    { ...docker, extra_hosts: { a: "b" } },
    { ...docker, extra_hosts: { "a b": "10.0.0.1" } },
    { ...docker, pull_policy: "Always" },
    { ...docker, capabilities: ["net_admin"] },
    { ...docker, capabilities: ["KILL", "KILL"] },
    { ...docker, privileged: true },
    { ...docker, log_driver: { options: {} } },
    { ...docker, log_driver: { type: "json-file", options: { a: 1 } } },
    { ...docker, logs: { max_files: 0 } },
    { type: "artifact" },
    { ...artifact, path: "/both" },
    { type: "artifact", url: "https://example.org/a.zip" },
    { ...artifact, url: "file:///etc/passwd" },
    { ...artifact, sha256: "abc" },
    { type: "artifact", path: "relative.zip" },
  ])("is bad: %j", (pkg) =>
    expect(() => packages.read(pkg)).toThrow(expect.objectContaining({ code: "PACKAGE_INVALID" })),
  );
});
