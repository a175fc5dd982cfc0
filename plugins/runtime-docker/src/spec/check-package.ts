import { posix } from "node:path";
import { DamsonError, type Issue, memoryBytes } from "@damson/plugin-sdk";
import type { EngineFacts } from "../engine/engine.ts";
import { CAPABILITIES } from "./capabilities.ts";
import type { ContainerSpec } from "./container.ts";
import type { PortMapping } from "./package-schema.ts";

/** The engine refuses less. */
const LEAST_MEMORY = 6 * 2 ** 20;
const LEAST_CPUS = 0.01;
/** No machine has more, and an engine can count no further for long. */
const MOST_MEMORY = 2 ** 50;
/** The kernel's MAX_ARG_STRLEN, without the NUL that ends a text: with a longer one no program starts. */
const LONGEST_TEXT_BYTES = 131_071;

/**
 * Checks what the schema cannot.
 *
 * @param facts of the engine, when it has been seen
 * @throws DamsonError `PACKAGE_INVALID` (422) with every fault and its place in `pkg`.
 */
export function checkContainerSpec(spec: ContainerSpec, facts: EngineFacts | undefined): void {
  const issues = [
    ...textIssues(spec),
    ...limitIssues(spec, facts),
    ...portIssues(spec),
    ...volumeIssues(spec),
    ...capabilityIssues(spec),
  ];
  if (issues.length === 0) return;
  const [first] = issues;
  throw new DamsonError("PACKAGE_INVALID", `the container cannot be made: ${first?.path} ${first?.message}`, {
    status: 422,
    issues,
  });
}

function textIssues({ command = [], args = [], environment = {} }: ContainerSpec): Issue[] {
  const texts: [path: string, text: string][] = [
    ...command.map((text, index): [string, string] => [`pkg.command[${index}]`, text]),
    ...args.map((text, index): [string, string] => [`pkg.args[${index}]`, text]),
    ...Object.entries(environment).map(([name, value]): [string, string] => [
      `pkg.environment.${name}`,
      `${name}=${value}`,
    ]),
  ];
  return texts.flatMap(([path, text]) => {
    const bytes = Buffer.byteLength(text);
    if (bytes <= LONGEST_TEXT_BYTES) return [];
    const hint = "Pass what is longer in a file, e.g. of a volume.";
    return [{ path, message: `has ${bytes} bytes, and a program gets at most ${LONGEST_TEXT_BYTES}`, hint }];
  });
}

function limitIssues({ resources = {} }: ContainerSpec, facts: EngineFacts | undefined): Issue[] {
  const { cpu_limit, memory_limit, cpu_set } = resources;
  const issues: Issue[] = [];
  const at = (name: string, message: string): void => void issues.push({ path: `pkg.resources.${name}`, message });
  const memory = memory_limit === undefined ? undefined : memoryBytes(memory_limit);
  if (memory !== undefined && memory < LEAST_MEMORY) at("memory_limit", "is less than 6m");
  if (memory !== undefined && memory > MOST_MEMORY) at("memory_limit", "is more than 1024t");
  if (cpu_limit !== undefined) {
    const cpus = Number(cpu_limit);
    if (cpus < LEAST_CPUS) at("cpu_limit", `is less than ${LEAST_CPUS}`);
    if (facts && cpus > facts.cpus) at("cpu_limit", `is more than the ${facts.cpus} cores that there are`);
  }
  const backwards = cpu_set?.split(",").find((part) => Number(part.split("-")[0]) > Number(part.split("-")[1] ?? part));
  if (backwards !== undefined) at("cpu_set", `has ${backwards}, whose first core is above its last`);
  const highest = Math.max(...(cpu_set?.match(/\d+/g) ?? ["0"]).map(Number));
  if (facts && highest >= facts.cpus) at("cpu_set", `names core ${highest}, and the cores are 0-${facts.cpus - 1}`);
  for (const name of facts?.cannotLimit ?? []) {
    if (name in resources) at(name, "cannot be set by the kernel of the engine's machine");
  }
  return issues;
}

function portIssues({ ports = [], network, replicas = 1 }: ContainerSpec): Issue[] {
  if (ports.length > 0 && network === "none") {
    return [{ path: "pkg.ports", message: 'cannot be reached with network "none"' }];
  }
  if (network === "host") {
    const moved = ports.findIndex(({ host_port, container_port }) => (host_port ?? container_port) !== container_port);
    const hint = "Leave host_port out: the app listens on the host's own port.";
    return moved < 0
      ? []
      : [{ path: `pkg.ports[${moved}].host_port`, message: 'cannot differ with network "host"', hint }];
  }
  const issues: Issue[] = ports.flatMap((port, index) =>
    ports.slice(0, index).some((earlier) => collide(earlier, port))
      ? [{ path: `pkg.ports[${index}].host_port`, message: "is given twice" }]
      : [],
  );
  const fixed = ports.findIndex(({ host_port }) => host_port !== undefined);
  if (replicas > 1 && fixed >= 0) {
    const hint = "Leave host_port out: the engine picks a free one for each.";
    issues.push({ path: `pkg.ports[${fixed}].host_port`, message: `cannot be taken by ${replicas} instances`, hint });
  }
  return issues;
}

/** Whether both want the same port of the same address. All addresses of IPv4 and all of IPv6 are two things. */
function collide(a: PortMapping, b: PortMapping): boolean {
  const { host_port, protocol = "tcp", host_ip = "" } = a;
  const { host_port: port, protocol: other = "tcp", host_ip: ip = "" } = b;
  if (host_port === undefined || host_port !== port || protocol !== other) return false;
  if (host_ip === "" || ip === "" || host_ip === ip) return true;
  if (host_ip.includes(":") !== ip.includes(":")) return false;
  return [host_ip, ip].some((address) => address === "0.0.0.0" || address === "::");
}

function volumeIssues({ volumes = [] }: ContainerSpec): Issue[] {
  const paths = volumes.map(({ container_path }) => posix.normalize(container_path).replace(/\/+$/, "") || "/");
  const issues: Issue[] = paths.flatMap((path, index) =>
    paths.indexOf(path) < index ? [{ path: `pkg.volumes[${index}].container_path`, message: "is given twice" }] : [],
  );
  const root = paths.indexOf("/");
  if (root >= 0) issues.push({ path: `pkg.volumes[${root}].container_path`, message: "cannot be the root" });
  for (const side of ["host_path", "container_path"] as const) {
    const climbing = volumes.findIndex((volume) => volume[side]?.split("/").includes(".."));
    if (climbing >= 0) issues.push({ path: `pkg.volumes[${climbing}].${side}`, message: 'cannot contain ".."' });
  }
  return issues;
}

function capabilityIssues({ capabilities = [] }: ContainerSpec): Issue[] {
  return capabilities.flatMap((name, index) =>
    CAPABILITIES.includes(name)
      ? []
      : [{ path: `pkg.capabilities[${index}]`, message: `"${name}" is no capability of Linux`, allowed: CAPABILITIES }],
  );
}
