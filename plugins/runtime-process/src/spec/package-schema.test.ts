import { describe, expect, it } from "vitest";
import { packages } from "./package-schema.ts";

const sha256 = "a".repeat(64);
const binary = { type: "binary", command: ["/bin/true"] };
const artifact = { type: "artifact", url: "https://example.org/a.zip", sha256 };

describe("a package", () => {
  it.each([
    binary,
    { ...binary, command: ["a", ""], args: ["", "é"], environment: { A_1: "", _b: "x" }, replicas: 0 },
    { ...binary, resources: { cpu_limit: 0.25, memory_limit: 1_048_576, cpu_set: "0,2-3" } },
    { ...binary, resources: { cpu_limit: "1.5", memory_limit: "64Mi" }, logs: { max_size: "1m", max_files: 1 } },
    { ...binary, ports: [{ host_port: 80 }, { host_port: 53, container_port: 53, protocol: "udp" }] },
    { type: "script", command: ["echo a"], shell: "bash", user: "www-data", working_dir: "/srv" },
    artifact,
    { type: "artifact", path: "/srv/a.tgz" },
    { type: "artifact", path: "/srv/a.tgz", sha256, command: ["./run", "x"] },
  ])("is good: %j", (pkg) => expect(packages.known(pkg)).toBe(pkg));

  it.each([
    { type: "docker", image: "x" },
    { type: "binary" },
    { ...binary, command: [] },
    { ...binary, command: "sh" },
    { ...binary, command: ["a\0b"] },
    { ...binary, comand: ["x"] },
    { ...binary, volumes: [] },
    { ...binary, environment: { "1A": "x" } },
    { ...binary, environment: { "A-B": "x" } },
    { ...binary, environment: { A: "x\0y" } },
    { ...binary, environment: { A: 1 } },
    { ...binary, working_dir: "relative" },
    { ...binary, user: "root; rm -rf /" },
    { ...binary, user: "-x" },
    { ...binary, replicas: -1 },
    { ...binary, replicas: 1.5 },
    { ...binary, resources: { cpu_limit: 0 } },
    { ...binary, resources: { cpu_limit: "0.0" } },
    { ...binary, resources: { cpu_limit: "-1" } },
    { ...binary, resources: { cpu_limit: "fast" } },
    { ...binary, resources: { memory_limit: "lots" } },
    { ...binary, resources: { memory_limit: -5 } },
    { ...binary, resources: { cpu_set: "0-" } },
    { ...binary, resources: { cpu: 1 } },
    { ...binary, ports: [{ host_port: 0 }] },
    { ...binary, ports: [{ host_port: 80, protocol: "sctp" }] },
    { ...binary, ports: [{ port: 80 }] },
    { ...binary, logs: { max_files: 0 } },
    { type: "script", command: ["x"], shell: "zsh" },
    { type: "artifact" },
    { ...artifact, path: "/both" },
    { type: "artifact", url: "https://example.org/a.zip" },
    { ...artifact, url: "file:///etc/passwd" },
    { ...artifact, url: "ftp://example.org/a.zip" },
    { ...artifact, sha256: "abc" },
    { type: "artifact", path: "relative.zip" },
  ])("is bad: %j", (pkg) => expect(packages.known(pkg)).toBeUndefined());
});
