import { DamsonError, type Issue, memoryBytes } from "@damson/plugin-sdk";
import type { EngineFacts } from "../engine/engine.ts";
import type { ContainerSpec } from "./container.ts";

/** The engine refuses less. */
const LEAST_MEMORY = 6 * 2 ** 20;
const LEAST_CPUS = 0.01;

/**
 * Checks what the schema cannot.
 *
 * @param facts of the engine, when it has been seen
 * @throws DamsonError `PACKAGE_INVALID` (422) with every fault and its place in `pkg`.
 */
export function checkContainerSpec(spec: ContainerSpec, facts: EngineFacts | undefined): void {
  const issues = [...limitIssues(spec, facts), ...portIssues(spec), ...volumeIssues(spec)];
  if (issues.length === 0) return;
  const [first] = issues;
  throw new DamsonError("PACKAGE_INVALID", `the container cannot be made: ${first?.path} ${first?.message}`, {
    status: 422,
    issues,
  });
}

function limitIssues({ resources = {} }: ContainerSpec, facts: EngineFacts | undefined): Issue[] {
  const { cpu_limit, memory_limit, cpu_set } = resources;
  const issues: Issue[] = [];
  const at = (name: string, message: string): void => void issues.push({ path: `pkg.resources.${name}`, message });
  if (memory_limit !== undefined && memoryBytes(memory_limit) < LEAST_MEMORY) at("memory_limit", "is less than 6m");
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
  const issues = duplicates(
    ports.map(({ host_port, protocol = "tcp", host_ip = "" }) => host_port && `${host_ip} ${host_port}/${protocol}`),
    (index) => `pkg.ports[${index}].host_port`,
  );
  const fixed = ports.findIndex(({ host_port }) => host_port !== undefined);
  if (replicas > 1 && fixed >= 0) {
    const hint = "Leave host_port out: the engine picks a free one for each.";
    issues.push({ path: `pkg.ports[${fixed}].host_port`, message: `cannot be taken by ${replicas} instances`, hint });
  }
  return issues;
}

function volumeIssues({ volumes = [] }: ContainerSpec): Issue[] {
  const paths = volumes.map(({ container_path }) => container_path.replace(/\/+$/, "") || "/");
  const issues = duplicates(paths, (index) => `pkg.volumes[${index}].container_path`);
  const root = paths.indexOf("/");
  if (root >= 0) issues.push({ path: `pkg.volumes[${root}].container_path`, message: "cannot be the root" });
  const climbing = volumes.findIndex(({ host_path }) => host_path?.split("/").includes(".."));
  if (climbing >= 0) issues.push({ path: `pkg.volumes[${climbing}].host_path`, message: 'cannot contain ".."' });
  return issues;
}

function duplicates(keys: readonly (string | number | undefined)[], path: (index: number) => string): Issue[] {
  return keys.flatMap((key, index) =>
    key !== undefined && keys.indexOf(key) < index ? [{ path: path(index), message: "is given twice" }] : [],
  );
}
