import { applying, type BadInput, type Fields, type Places } from "./bad-input.ts";
import type { Sent } from "./requests.ts";

const SHA256 = "0".repeat(64);
const INVALID = [400, "PACKAGE_INVALID"] as const;
/** What a schema cannot say. */
const REFUSED = [422, "PACKAGE_INVALID"] as const;

/** Packages of type docker that show without any engine that they cannot be right. */
export function badContainers(places: Places): BadInput[] {
  const apply = applying(places);
  return [
    ...badImages((fields) => apply({ pkg: { type: "docker", ...fields } })),
    ...badCommon("a container", (fields) =>
      apply({ pkg: { type: "docker", image: "none.invalid/shop:v1", ...fields } }),
    ),
  ];
}

/** The same of artifacts, where containers run them. */
export function badContainerArtifacts(places: Places): BadInput[] {
  const apply = applying(places);
  const artifact = (fields: Fields): Sent => apply({ pkg: { type: "artifact", ...fields } });
  const url = "http://127.0.0.1/a.zip";
  const source = { url, sha256: SHA256 };
  return [
    ["an artifact for a container from nowhere", artifact({}), ...INVALID, "pkg"],
    ["from two places at once", artifact({ path: "/a.zip", ...source }), ...INVALID, "pkg"],
    ["a url for a container without sha256", artifact({ url }), ...INVALID, "pkg.sha256"],
    [
      "an artifact for a container that is not there",
      artifact({ path: places.absent }),
      422,
      "ARTIFACT_MISSING",
      "pkg.path",
    ],
    ["a relative artifact for a container", artifact({ path: "../a.zip" }), ...INVALID, "pkg.path"],
    ["a base image with blanks", artifact({ ...source, image: "debian 12" }), ...INVALID, "pkg.image"],
    ["a shell for an artifact in a container", artifact({ ...source, shell: "sh" }), ...INVALID, "pkg.shell"],
    ...badCommon("an artifact's container", (fields) => artifact({ ...source, ...fields })),
  ];
}

function badImages(docker: (fields: Fields) => Sent): BadInput[] {
  const image = (value: unknown): Sent => docker({ image: value });
  const names: readonly [what: string, name: unknown][] = [
    ["empty", ""],
    ["a number", 5],
    ["a list", ["shop:v1"]],
    ["with a blank", "shop v1"],
    ["with a line break", "shop:v1\n"],
    ["with a NUL", "shop\0:v1"],
    ["that looks like a flag", "-v"],
    ["with a capital in its name", "Shop:v1"],
    ["with a scheme", "http://registry.example.org/shop:v1"],
    ["with an empty tag", "shop:"],
    ["with two tags", "shop:v1:v2"],
    ["with an empty part", "team//shop"],
    ["that leads elsewhere", "../shop:v1"],
    ["with half a digest", "shop@sha256:abc"],
    ["in Cyrillic", "sh\u043ep:v1"],
    ["of 600 characters", "x".repeat(600)],
    ["of a million characters", "a/".repeat(500_000)],
  ];
  return [
    ["no image", docker({}), ...INVALID, "pkg.image"],
    ...names.map(([what, name]): BadInput => [`an image ${what}`, image(name), ...INVALID, "pkg.image"]),
  ];
}

/** What containers and artifacts in containers have in common. */
function badCommon(of: string, pkg: (fields: Fields) => Sent): BadInput[] {
  const port = (fields: Fields): Sent => pkg({ ports: [{ container_port: 80, ...fields }] });
  const ports = (...all: Fields[]): Sent => pkg({ ports: all.map((one) => ({ container_port: 80, ...one })) });
  const volume = (fields: Fields): Sent => pkg({ volumes: [{ container_path: "/data", ...fields }] });
  const limits = (resources: Fields): Sent => pkg({ resources });
  const environment = (variables: unknown): Sent => pkg({ environment: variables });
  const hosts = (extra_hosts: unknown): Sent => pkg({ extra_hosts });
  const volumes = (...paths: string[]): Sent =>
    pkg({ volumes: paths.map((container_path) => ({ name: "v", container_path })) });
  const rows: BadInput[] = [
    ["misspelt field", pkg({ enviroment: {} }), ...INVALID, "pkg.enviroment"],
    ["field that nobody has", pkg({ privileged: true }), ...INVALID, "pkg.privileged"],
    ["command as text", pkg({ command: "sh" }), ...INVALID, "pkg.command"],
    ["empty command", pkg({ command: [] }), ...INVALID, "pkg.command"],
    ["command with a NUL", pkg({ command: ["a\0b"] }), ...INVALID, "pkg.command[0]"],
    ["argument that is a number", pkg({ args: ["a", 5] }), ...INVALID, "pkg.args[1]"],
    ["argument of 200 kB", pkg({ args: ["a".repeat(200_000)] }), ...REFUSED, "pkg.args[0]"],
    ["variable of 200 kB", environment({ A: "a".repeat(200_000) }), ...REFUSED, "pkg.environment.A"],
    ["variable with = in its name", environment({ "A=B": "c" }), ...INVALID, 'pkg.environment["A=B"]'],
    ["variable without name", environment({ "": "c" }), ...INVALID, 'pkg.environment[""]'],
    ["variable with a NUL", environment({ A: "hunter2\0" }), ...INVALID, "pkg.environment.A"],
    ["variable that is null", environment({ A: null }), ...INVALID, "pkg.environment.A"],
    ["list of variables", environment(["A=B"]), ...INVALID, "pkg.environment"],
    ["relative working_dir", pkg({ working_dir: "srv" }), ...INVALID, "pkg.working_dir"],
    ["user with shell text", pkg({ user: "root; id" }), ...INVALID, "pkg.user"],
    ["user of three parts", pkg({ user: "a:b:c" }), ...INVALID, "pkg.user"],
    ["number of replicas as text", pkg({ replicas: "2" }), ...INVALID, "pkg.replicas"],
    ["memory limit below 6m", limits({ memory_limit: "5m" }), ...REFUSED, "pkg.resources.memory_limit"],
    ["memory limit of nothing", limits({ memory_limit: "0" }), ...REFUSED, "pkg.resources.memory_limit"],
    ["memory limit above all memory", limits({ memory_limit: "9999999t" }), ...REFUSED, "pkg.resources.memory_limit"],
    ["memory limit in words", limits({ memory_limit: "lots" }), ...INVALID, "pkg.resources.memory_limit"],
    ["processor limit of nothing", limits({ cpu_limit: 0 }), ...INVALID, "pkg.resources.cpu_limit"],
    ["processor limit too small", limits({ cpu_limit: "0.001" }), ...REFUSED, "pkg.resources.cpu_limit"],
    ["processor limit in words", limits({ cpu_limit: "all" }), ...INVALID, "pkg.resources.cpu_limit"],
    ["core without number", limits({ cpu_set: "a-b" }), ...INVALID, "pkg.resources.cpu_set"],
    ["range of cores without end", limits({ cpu_set: "0-" }), ...INVALID, "pkg.resources.cpu_set"],
    ["range of cores backwards", limits({ cpu_set: "1-0" }), ...REFUSED, "pkg.resources.cpu_set"],
    ["limit of no process", limits({ pids_limit: 0 }), ...INVALID, "pkg.resources.pids_limit"],
    ["misspelt limit", limits({ memory: "1g" }), ...INVALID, "pkg.resources.memory"],
    ["port without number", pkg({ ports: [{ host_port: 80 }] }), ...INVALID, "pkg.ports[0].container_port"],
    ["port 0", port({ container_port: 0 }), ...INVALID, "pkg.ports[0].container_port"],
    ["port 65,536", port({ container_port: 65_536 }), ...INVALID, "pkg.ports[0].container_port"],
    ["port as text", port({ container_port: "80" }), ...INVALID, "pkg.ports[0].container_port"],
    ["port 0 of the host", port({ host_port: 0 }), ...INVALID, "pkg.ports[0].host_port"],
    ["port 65,536 of the host", port({ host_port: 65_536 }), ...INVALID, "pkg.ports[0].host_port"],
    ["port of another protocol", port({ protocol: "sctp" }), ...INVALID, "pkg.ports[0].protocol"],
    ["port on a name", port({ host_ip: "localhost" }), ...INVALID, "pkg.ports[0].host_ip"],
    ["port on no address", port({ host_ip: "999.0.0.1" }), ...INVALID, "pkg.ports[0].host_ip"],
    ["port on an address with a port", port({ host_ip: "127.0.0.1:22" }), ...INVALID, "pkg.ports[0].host_ip"],
    ["misspelt port", port({ hostport: 80 }), ...INVALID, "pkg.ports[0].hostport"],
    ["port as a text of Docker's", pkg({ ports: ["80:80"] }), ...INVALID, "pkg.ports[0]"],
    ["port of the host twice", ports({ host_port: 80 }, { host_port: 80 }), ...REFUSED, "pkg.ports[1].host_port"],
    [
      "port of the host on one address and on all",
      ports({ host_port: 80 }, { host_port: 80, host_ip: "127.0.0.1" }),
      ...REFUSED,
      "pkg.ports[1].host_port",
    ],
    [
      "fixed port of two replicas",
      pkg({ replicas: 2, ports: [{ container_port: 80, host_port: 80 }] }),
      ...REFUSED,
      "pkg.ports[0].host_port",
    ],
    ["port without network", pkg({ network: "none", ports: [{ container_port: 80 }] }), ...REFUSED, "pkg.ports"],
    [
      "port moved on the host's network",
      pkg({ network: "host", ports: [{ container_port: 80, host_port: 81 }] }),
      ...REFUSED,
      "pkg.ports[0].host_port",
    ],
    ["hundred and one ports", ports(...Array.from({ length: 101 }, () => ({}))), ...INVALID, "pkg.ports"],
    ["volume of nothing", volume({}), ...INVALID, "pkg.volumes[0]"],
    ["volume of two things", volume({ host_path: "/srv", name: "v" }), ...INVALID, "pkg.volumes[0]"],
    ["volume of two others", volume({ tmpfs: "1m", name: "v" }), ...INVALID, "pkg.volumes[0]"],
    ["volume without place", pkg({ volumes: [{ name: "v" }] }), ...INVALID, "pkg.volumes[0].container_path"],
    ["misspelt volume", volume({ name: "v", readonly: true }), ...INVALID, "pkg.volumes[0].readonly"],
    [
      "volume that is read_only as text",
      volume({ name: "v", read_only: "yes" }),
      ...INVALID,
      "pkg.volumes[0].read_only",
    ],
    ["relative host_path", volume({ host_path: "srv" }), ...INVALID, "pkg.volumes[0].host_path"],
    ["host_path with ..", volume({ host_path: "/srv/../etc" }), ...REFUSED, "pkg.volumes[0].host_path"],
    ["host_path that ends with ..", volume({ host_path: "/srv/.." }), ...REFUSED, "pkg.volumes[0].host_path"],
    ["host_path with an option", volume({ host_path: "/srv:/etc:rw" }), ...INVALID, "pkg.volumes[0].host_path"],
    ["host_path with a NUL", volume({ host_path: "/srv\0" }), ...INVALID, "pkg.volumes[0].host_path"],
    ["volume with a path as name", volume({ name: "../v" }), ...INVALID, "pkg.volumes[0].name"],
    ["volume with an overlong name", volume({ name: "v".repeat(200) }), ...INVALID, "pkg.volumes[0].name"],
    ["tmpfs of some size", volume({ tmpfs: "lots" }), ...INVALID, "pkg.volumes[0].tmpfs"],
    ["relative container_path", volumes("data"), ...INVALID, "pkg.volumes[0].container_path"],
    ["container_path with an option", volumes("/data:ro"), ...INVALID, "pkg.volumes[0].container_path"],
    ["volume in place of the root", volumes("/"), ...REFUSED, "pkg.volumes[0].container_path"],
    ["container_path twice", volumes("/data", "/data"), ...REFUSED, "pkg.volumes[1].container_path"],
    ["container_path twice in other words", volumes("/data", "//data/./"), ...REFUSED, "pkg.volumes[1].container_path"],
    ["container_path with ..", volumes("/data/../etc"), ...REFUSED, "pkg.volumes[0].container_path"],
    ["network without name", pkg({ network: "" }), ...INVALID, "pkg.network"],
    ["network of another container", pkg({ network: "container:other" }), ...INVALID, "pkg.network"],
    ["network with a path as name", pkg({ network: "../net" }), ...INVALID, "pkg.network"],
    ["list of networks", pkg({ network: ["bridge"] }), ...INVALID, "pkg.network"],
    ["host name without address", hosts({ db: "" }), ...INVALID, "pkg.extra_hosts.db"],
    ["host name with a name as address", hosts({ db: "db.internal" }), ...INVALID, "pkg.extra_hosts.db"],
    ["host name with a blank", hosts({ "d b": "10.0.0.1" }), ...INVALID, 'pkg.extra_hosts["d b"]'],
    ["pull_policy of Kubernetes", pkg({ pull_policy: "IfNotPresent" }), ...INVALID, "pkg.pull_policy"],
    ["read_only as a number", pkg({ read_only: 1 }), ...INVALID, "pkg.read_only"],
    ["capability in lower case", pkg({ capabilities: ["net_admin"] }), ...INVALID, "pkg.capabilities[0]"],
    ["capability that is none", pkg({ capabilities: ["KILL", "FLY"] }), ...REFUSED, "pkg.capabilities[1]"],
    ["capability twice", pkg({ capabilities: ["KILL", "KILL"] }), ...INVALID, "pkg.capabilities"],
    ["capability as text", pkg({ capabilities: "KILL" }), ...INVALID, "pkg.capabilities"],
    ["log driver without type", pkg({ log_driver: {} }), ...INVALID, "pkg.log_driver.type"],
    ["option of a log driver that is a number", logOption(5), ...INVALID, "pkg.log_driver.options.a"],
    ["number of log files that is 0", pkg({ logs: { max_files: 0 } }), ...INVALID, "pkg.logs.max_files"],
  ];
  function logOption(value: unknown): Sent {
    return pkg({ log_driver: { type: "local", options: { a: value } } });
  }
  return rows.map(([what, ...rest]) => [`${of}: ${what}`, ...rest]);
}
