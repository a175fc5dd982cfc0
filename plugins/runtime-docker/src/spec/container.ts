import { type Instance, memoryBytes } from "@damson/plugin-sdk";
import type { ContainerCreateOptions, HostConfig } from "dockerode";
import { labelsOf } from "../unit/labels.ts";
import { networkName } from "../unit/names.ts";
import { type LogSettings, logConfig } from "./log-config.ts";
import type { DockerPackage, Volume } from "./package-schema.ts";

/** What the usual images need to change from root to a user of their own, and to listen on port 80; nothing else. */
const CAPABILITIES = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "NET_BIND_SERVICE", "SETGID", "SETUID"];

const NANO = 1_000_000_000;

/** A mount that the runtime adds by itself. */
export interface Bind {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** What a container is made from: the fields of a package, with what the node and the package's type add. */
export interface ContainerSpec extends Omit<DockerPackage, "type"> {
  readonly binds?: readonly Bind[];
}

/** The body of the engine's call that makes the container of a run. */
export function containerOptions(
  name: string,
  instance: Instance,
  spec: ContainerSpec,
  logs: LogSettings,
): ContainerCreateOptions {
  const { command, args, user, working_dir } = spec;
  // On the host's network, a port of the container is one of the host's.
  const ports = spec.network === "host" ? [] : (spec.ports ?? []);
  const network = networkModeOf(instance, spec.network);
  const environment = { ...spec.environment, ...instance.environment };
  return {
    name,
    Image: spec.image,
    // An entrypoint of one's own takes the place of the image's command too.
    ...(command ? { Entrypoint: command } : {}),
    ...(args ? { Cmd: args } : {}),
    ...(user === undefined ? {} : { User: user }),
    ...(working_dir === undefined ? {} : { WorkingDir: working_dir }),
    Env: Object.entries(environment).map(([key, value]) => `${key}=${value}`),
    Labels: labelsOf(instance),
    ExposedPorts: Object.fromEntries(ports.map((port) => [portKey(port), {}])),
    HostConfig: {
      ...limitsOf(spec.resources),
      ...mountsOf(spec),
      NetworkMode: network,
      PortBindings: Object.fromEntries(
        Object.entries(Object.groupBy(ports, portKey)).map(([key, group = []]) => [
          key,
          group.map(({ host_port, host_ip }) => ({ HostIp: host_ip ?? "", HostPort: String(host_port ?? "") })),
        ]),
      ),
      ExtraHosts: Object.entries(spec.extra_hosts ?? {}).map(([host, address]) => `${host}:${address}`),
      ReadonlyRootfs: spec.read_only ?? false,
      CapDrop: ["ALL"],
      CapAdd: [...(spec.capabilities ?? CAPABILITIES)],
      SecurityOpt: ["no-new-privileges"],
      Init: spec.init ?? true,
      RestartPolicy: { Name: "no" },
      LogConfig: logConfig(spec, logs),
    },
    ...(spec.network === "app"
      ? { NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [instance.app, instance.instanceId] } } } }
      : {}),
  };
}

/** The engine's name of the network that a package asks for. */
export function networkModeOf({ owner, app }: Pick<Instance, "owner" | "app">, network = "bridge"): string {
  return network === "app" ? networkName(owner, app) : network;
}

function portKey({ container_port, protocol }: NonNullable<ContainerSpec["ports"]>[number]): string {
  return `${container_port}/${protocol ?? "tcp"}`;
}

function limitsOf({ cpu_limit, memory_limit, cpu_set, pids_limit }: ContainerSpec["resources"] = {}): HostConfig {
  const memory = memory_limit === undefined ? undefined : memoryBytes(memory_limit);
  return {
    ...(cpu_limit === undefined ? {} : { NanoCpus: Math.round(Number(cpu_limit) * NANO) }),
    // The same as limit of memory and swap: what takes more is ended, not slowed down.
    ...(memory === undefined ? {} : { Memory: memory, MemorySwap: memory }),
    ...(cpu_set === undefined ? {} : { CpusetCpus: cpu_set }),
    ...(pids_limit === undefined ? {} : { PidsLimit: pids_limit }),
  };
}

function mountsOf({ volumes = [], binds = [] }: ContainerSpec): HostConfig {
  const own = binds.map(({ source, target, readOnly }) => bind(source, target, readOnly));
  const asked = volumes.flatMap(({ host_path, name, container_path, read_only = false }) => {
    const source = host_path ?? name;
    return source === undefined ? [] : [bind(source, container_path, read_only)];
  });
  return { Binds: [...own, ...asked], Tmpfs: Object.fromEntries(volumes.flatMap(tmpfsOf)) };
}

function bind(source: string, target: string, readOnly: boolean): string {
  return `${source}:${target}${readOnly ? ":ro" : ""}`;
}

function tmpfsOf({ tmpfs, container_path, read_only }: Volume): [string, string][] {
  if (tmpfs === undefined) return [];
  return [[container_path, `size=${memoryBytes(tmpfs)}${read_only ? ",ro" : ""}`]];
}
