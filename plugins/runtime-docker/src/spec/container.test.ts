import { createHash } from "node:crypto";
import type { Instance } from "@damson/plugin-sdk";
import { describe, expect, it } from "vitest";
import { networkName } from "../unit/names.ts";
import { type ContainerSpec, containerOptions } from "./container.ts";

const instance: Instance = {
  owner: "agent-1",
  nodeId: "node-1",
  app: "shop",
  version: "v1",
  instanceId: "shop-0",
  run: 3,
  pkg: { type: "docker", image: "shop:v1" },
  environment: { DAMSON_APP: "shop" },
};
const options = (spec: Partial<ContainerSpec>) =>
  containerOptions("plum-app-shop-0", instance, { image: "shop:v1", ...spec }, { driver: "local" });
const DEFAULT_CAPABILITIES = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "NET_BIND_SERVICE", "SETGID", "SETUID"];

describe("the body that makes a container", () => {
  it("of a package that says nothing has the image's own, and safe defaults", () => {
    expect(options({})).toEqual({
      name: "plum-app-shop-0",
      Image: "shop:v1",
      Env: ["DAMSON_APP=shop"],
      Labels: {
        "damson.owner": "agent-1",
        "damson.node": "node-1",
        "damson.app": "shop",
        "damson.version": "v1",
        "damson.instance": "shop-0",
        "damson.run": "3",
        "damson.spec": createHash("sha256").update(JSON.stringify(instance.pkg)).digest("hex"),
      },
      ExposedPorts: {},
      HostConfig: {
        Binds: [],
        Tmpfs: {},
        NetworkMode: "bridge",
        PortBindings: {},
        ExtraHosts: [],
        ReadonlyRootfs: false,
        CapDrop: ["ALL"],
        CapAdd: DEFAULT_CAPABILITIES,
        SecurityOpt: ["no-new-privileges"],
        Init: true,
        RestartPolicy: { Name: "no" },
        LogConfig: { Type: "local", Config: { "max-size": "10485760", "max-file": "5", compress: "false" } },
      },
    });
  });

  it("of a full package has all of it", () => {
    const { Labels, ...body } = options({
      command: ["/app/shop", "serve"],
      args: ["--port", "3000", ""],
      environment: { LOG_LEVEL: "info", EMPTY: "", DAMSON_APP: "forged" },
      user: "1000:1000",
      working_dir: "/srv",
      replicas: 2,
      resources: { cpu_limit: "0.5", memory_limit: "512m", cpu_set: "0-1", pids_limit: 100 },
      ports: [
        { container_port: 80, host_port: 8080, protocol: "tcp", host_ip: "127.0.0.1" },
        { container_port: 80, host_port: 8081 },
        { container_port: 53, protocol: "udp" },
      ],
      volumes: [
        { host_path: "/data", container_path: "/app/data", read_only: true },
        { name: "cache", container_path: "/cache" },
        { tmpfs: "16m", container_path: "/scratch" },
        { tmpfs: 4_096, container_path: "/empty", read_only: true },
      ],
      binds: [{ source: "/var/lib/damson/app", target: "/app", readOnly: false }],
      network: "app",
      extra_hosts: { registry: "10.0.0.1", "host.internal": "host-gateway", v6: "fd00::1" },
      pull_policy: "never",
      read_only: true,
      capabilities: ["NET_BIND_SERVICE"],
      init: false,
      logs: { max_size: "1m", max_files: 3 },
    });
    const network = networkName("agent-1", "shop");
    expect(Labels).toMatchObject({ "damson.instance": "shop-0" });
    expect(body).toEqual({
      name: "plum-app-shop-0",
      Image: "shop:v1",
      Entrypoint: ["/app/shop", "serve"],
      Cmd: ["--port", "3000", ""],
      User: "1000:1000",
      WorkingDir: "/srv",
      Env: ["LOG_LEVEL=info", "EMPTY=", "DAMSON_APP=shop"],
      ExposedPorts: { "80/tcp": {}, "53/udp": {} },
      HostConfig: {
        NanoCpus: 500_000_000,
        Memory: 2 ** 29,
        MemorySwap: 2 ** 29,
        CpusetCpus: "0-1",
        PidsLimit: 100,
        Binds: ["/var/lib/damson/app:/app", "/data:/app/data:ro", "cache:/cache"],
        Tmpfs: { "/scratch": `size=${2 ** 24}`, "/empty": "size=4096,ro" },
        NetworkMode: network,
        PortBindings: {
          "80/tcp": [
            { HostIp: "127.0.0.1", HostPort: "8080" },
            { HostIp: "", HostPort: "8081" },
          ],
          "53/udp": [{ HostIp: "", HostPort: "" }],
        },
        ExtraHosts: ["registry:10.0.0.1", "host.internal:host-gateway", "v6:fd00::1"],
        ReadonlyRootfs: true,
        CapDrop: ["ALL"],
        CapAdd: ["NET_BIND_SERVICE"],
        SecurityOpt: ["no-new-privileges"],
        Init: false,
        RestartPolicy: { Name: "no" },
        LogConfig: { Type: "local", Config: { "max-size": "1048576", "max-file": "3", compress: "false" } },
      },
      NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: ["shop", "shop-0"] } } },
    });
  });

  it("keeps no capability where none is asked for", () => {
    expect(options({ capabilities: [] }).HostConfig).toMatchObject({ CapDrop: ["ALL"], CapAdd: [] });
  });

  it("publishes nothing on the host's own network", () => {
    const body = options({ network: "host", ports: [{ container_port: 80, host_port: 80 }] });
    expect(body).toMatchObject({ ExposedPorts: {}, HostConfig: { NetworkMode: "host", PortBindings: {} } });
    expect(body).not.toHaveProperty("NetworkingConfig");
  });

  it("names another network as it is", () => {
    expect(options({ network: "back" }).HostConfig?.NetworkMode).toBe("back");
  });

  it("counts parts of a core to the nanosecond", () => {
    const nano = (cpu_limit: string | number) => options({ resources: { cpu_limit } }).HostConfig?.NanoCpus;
    expect([nano("0.1"), nano(0.3), nano("1.000000001"), nano("2")]).toEqual([1e8, 3e8, 1_000_000_001, 2e9]);
  });

  it("passes on arguments alone for the image's own program", () => {
    const body = options({ args: [] });
    expect(body.Cmd).toEqual([]);
    expect(body).not.toHaveProperty("Entrypoint");
  });
});
