import { applying, type BadInput, type Fields, type Places, touching } from "./bad-input.ts";
import type { Sent } from "./requests.ts";

const SHA256 = "0".repeat(64);

/** Documents whose package no runtime takes, or that cannot run on this machine. */
export function badPackages(places: Places): BadInput[] {
  const { absent, plainFile } = places;
  const apply = applying(places);
  const pkg = (fields: Fields): Sent => apply({ pkg: { ...touching(places), ...fields } });
  const command = (...words: unknown[]): Sent => pkg({ command: words });
  const script = (fields: Fields): Sent => apply({ pkg: { type: "script", command: ["true"], ...fields } });
  const environment = (variables: Fields): Sent => pkg({ environment: variables });
  const limits = (resources: Fields): Sent => pkg({ resources });
  const port = (fields: Fields): Sent => pkg({ ports: [fields] });
  return [
    ["pkg null", apply({ pkg: null }), 400, "BODY_INVALID", "pkg"],
    ["pkg as a list", apply({ pkg: [touching(places)] }), 400, "BODY_INVALID", "pkg"],
    ["pkg without type", pkg({ type: undefined }), 400, "BODY_INVALID", "pkg.type"],
    ["an unknown type", pkg({ type: "jar" }), 400, "PACKAGE_TYPE_UNKNOWN", "pkg.type"],
    ["a misspelt type", pkg({ type: "binray" }), 400, "PACKAGE_TYPE_UNKNOWN", "pkg.type"],
    ["a type called toString", pkg({ type: "toString" }), 400, "PACKAGE_TYPE_UNKNOWN", "pkg.type"],
    ["a misspelt field of pkg", pkg({ comand: [] }), 400, "PACKAGE_INVALID", "pkg.comand"],
    ["a command as text", pkg({ command: "/bin/true" }), 400, "PACKAGE_INVALID", "pkg.command"],
    ["an empty command", command(), 400, "PACKAGE_INVALID", "pkg.command"],
    ["a program without name", command(""), 422, "COMMAND_NOT_FOUND", "pkg.command[0]"],
    ["a command with a number", command("/bin/sleep", 5), 400, "PACKAGE_INVALID", "pkg.command[1]"],
    ["a command with a NUL", command("/bin/true\0"), 400, "PACKAGE_INVALID", "pkg.command[0]"],
    ["an argument with a NUL", pkg({ args: ["a\0b"] }), 400, "PACKAGE_INVALID", "pkg.args[0]"],
    ["an argument of 200 kB", pkg({ args: ["a".repeat(200_000)] }), 422, "ARGUMENT_TOO_LONG", "pkg.args[0]"],
    ["an absent program", command(absent), 422, "COMMAND_NOT_FOUND", "pkg.command[0]"],
    ["a program that is not in PATH", command("no-such-program"), 422, "COMMAND_NOT_FOUND", "pkg.command[0]"],
    ["a program that is not executable", command(plainFile), 422, "COMMAND_NOT_EXECUTABLE", "pkg.command[0]"],
    ["a directory as program", command("/usr/bin"), 422, "COMMAND_NOT_FOUND", "pkg.command[0]"],
    ["a relative working_dir", pkg({ working_dir: "../../etc" }), 400, "PACKAGE_INVALID", "pkg.working_dir"],
    ["a vanished working_dir", pkg({ working_dir: absent }), 422, "WORKING_DIR_MISSING", "pkg.working_dir"],
    ["a file as working_dir", pkg({ working_dir: plainFile }), 422, "WORKING_DIR_MISSING", "pkg.working_dir"],
    ["a variable with = in its name", environment({ "A=B": "c" }), 400, "PACKAGE_INVALID", 'pkg.environment["A=B"]'],
    ["a variable with a NUL", environment({ "A\0": "c" }), 400, "PACKAGE_INVALID", 'pkg.environment["A\\u0000"]'],
    ["a variable with a line break", environment({ "A\n": "c" }), 400, "PACKAGE_INVALID", 'pkg.environment["A\\n"]'],
    ["a variable without name", environment({ "": "c" }), 400, "PACKAGE_INVALID", 'pkg.environment[""]'],
    ["a value with a NUL", environment({ A: "hunter2\0" }), 400, "PACKAGE_INVALID", "pkg.environment.A"],
    ["a value that is a number", environment({ PORT: 3_000 }), 400, "PACKAGE_INVALID", "pkg.environment.PORT"],
    ["a value of 200 kB", environment({ A: "x".repeat(200_000) }), 422, "ARGUMENT_TOO_LONG", "pkg.environment.A"],
    ["variables as a list", pkg({ environment: ["A=B"] }), 400, "PACKAGE_INVALID", "pkg.environment"],
    ["an unknown user", pkg({ user: "nobody-here" }), 422, "USER_UNKNOWN", "pkg.user"],
    ["a user called hasOwnProperty", pkg({ user: "hasOwnProperty" }), 422, "USER_UNKNOWN", "pkg.user"],
    ["a user with shell text", pkg({ user: "root; id" }), 400, "PACKAGE_INVALID", "pkg.user"],
    ["negative replicas", pkg({ replicas: -1 }), 400, "PACKAGE_INVALID", "pkg.replicas"],
    ["absurd replicas", pkg({ replicas: 1e9 }), 400, "PACKAGE_INVALID", "pkg.replicas"],
    ["memory in words", limits({ memory_limit: "lots" }), 400, "PACKAGE_INVALID", "pkg.resources.memory_limit"],
    ["negative memory", limits({ memory_limit: -1 }), 400, "PACKAGE_INVALID", "pkg.resources.memory_limit"],
    ["no memory at all", limits({ memory_limit: "0" }), 422, "LIMIT_INVALID", "pkg.resources.memory_limit"],
    ["all the memory", limits({ memory_limit: "9999999t" }), 422, "LIMIT_INVALID", "pkg.resources.memory_limit"],
    ["a million processors", limits({ cpu_limit: 1e6 }), 422, "LIMIT_INVALID", "pkg.resources.cpu_limit"],
    ["no processor at all", limits({ cpu_limit: "0" }), 400, "PACKAGE_INVALID", "pkg.resources.cpu_limit"],
    ["negative processors", limits({ cpu_limit: -0.5 }), 400, "PACKAGE_INVALID", "pkg.resources.cpu_limit"],
    ["a core without number", limits({ cpu_set: "a" }), 400, "PACKAGE_INVALID", "pkg.resources.cpu_set"],
    ["a core that is not there", limits({ cpu_set: "0-999999999" }), 422, "CPU_SET_INVALID", "pkg.resources.cpu_set"],
    ["cores backwards", limits({ cpu_set: "1-0" }), 422, "CPU_SET_INVALID", "pkg.resources.cpu_set"],
    ["a misspelt limit", limits({ memory_limt: "1g" }), 400, "PACKAGE_INVALID", "pkg.resources.memory_limt"],
    ["a port out of range", port({ host_port: 70_000 }), 400, "PACKAGE_INVALID", "pkg.ports[0].host_port"],
    ["a port as text", port({ host_port: "80" }), 400, "PACKAGE_INVALID", "pkg.ports[0].host_port"],
    ["a misspelt port", port({ hostport: 80 }), 400, "PACKAGE_INVALID", "pkg.ports[0].hostport"],
    [
      "a port that would have to be mapped",
      port({ host_port: 80, container_port: 3_000 }),
      422,
      "PORTS_NOT_MAPPED",
      "pkg.ports[0].container_port",
    ],
    ["no log files", pkg({ logs: { max_files: 0 } }), 400, "PACKAGE_INVALID", "pkg.logs.max_files"],
    ["a log size in no unit", pkg({ logs: { max_size: "10x" } }), 400, "PACKAGE_INVALID", "pkg.logs.max_size"],
    ["another shell", script({ shell: "zsh" }), 400, "PACKAGE_INVALID", "pkg.shell"],
    ["a script as text", script({ command: "id" }), 400, "PACKAGE_INVALID", "pkg.command"],
    ["volumes of a process", pkg({ volumes: [] }), 400, "PACKAGE_INVALID", "pkg.volumes"],
  ];
}

/** Artifacts that show before anything is fetched that they cannot be right. */
export function badArtifacts(places: Places): BadInput[] {
  const apply = applying(places);
  const artifact = (fields: Fields): Sent => apply({ pkg: { type: "artifact", ...fields } });
  const url = "http://127.0.0.1/a.zip";
  return [
    ["an artifact from nowhere", artifact({}), 400, "PACKAGE_INVALID", "pkg"],
    ["from two places", artifact({ path: "/a.zip", url, sha256: SHA256 }), 400, "PACKAGE_INVALID", "pkg"],
    ["a url without sha256", artifact({ url }), 400, "PACKAGE_INVALID", "pkg.sha256"],
    ["a url of a file", artifact({ url: "file:///etc/passwd", sha256: SHA256 }), 400, "PACKAGE_INVALID", "pkg.url"],
    ["a url that is none", artifact({ url: "http://[", sha256: SHA256 }), 400, "PACKAGE_INVALID", "pkg.url"],
    ["half a sha256", artifact({ url, sha256: "abc" }), 400, "PACKAGE_INVALID", "pkg.sha256"],
    ["a relative artifact", artifact({ path: "../a.zip" }), 400, "PACKAGE_INVALID", "pkg.path"],
    ["an absent artifact", artifact({ path: places.absent }), 422, "ARTIFACT_MISSING", "pkg.path"],
    ["a directory as artifact", artifact({ path: "/usr/bin" }), 422, "ARTIFACT_MISSING", "pkg.path"],
  ];
}
