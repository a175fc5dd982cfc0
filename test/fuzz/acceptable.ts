/** What a document may hold, by the words of the reference and not by the schemas that it is checked by. */
const FIELDS = [
  "app",
  "version",
  "pkg",
  "package",
  "instances",
  "restart",
  "stop",
  "update",
  "probes",
  "services",
  "labels",
];
const COMMON = ["type", "command", "args", "environment", "user", "replicas", "resources", "ports", "logs"];
const PACKAGE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  binary: [...COMMON, "working_dir"],
  script: [...COMMON, "working_dir", "shell"],
  artifact: [...COMMON, "working_dir", "path", "url", "sha256"],
  docker: [
    ...COMMON,
    "working_dir",
    "image",
    "volumes",
    "network",
    "extra_hosts",
    "pull_policy",
    "read_only",
    "capabilities",
    "init",
    "log_driver",
  ],
};
const RESERVED = ["__proto__", "constructor", "prototype", "con", "nul", "aux", "prn"];

/** Why `text` should not have been accepted; empty when nothing speaks against it. */
export function objections(text: string): string[] {
  const document: Record<string, unknown> = Object(JSON.parse(text));
  const { app, version, instances } = document;
  const pkg: Record<string, unknown> = Object(document.pkg ?? document.package);
  const { command, args = [], environment = {}, replicas, image } = pkg;
  const isGiven = pkg.type === "artifact" || pkg.type === "docker" ? command !== undefined : true;
  const known = PACKAGE_FIELDS[String(pkg.type)] ?? [];
  const count = instances ?? replicas ?? 1;
  const rules: Readonly<Record<string, boolean>> = {
    "unknown field": Object.keys(document).every((name) => FIELDS.includes(name)),
    "both pkg and package": document.pkg === undefined || document.package === undefined,
    "app name": isText(app, 63) && /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/.test(app) && !app.includes(".."),
    "reserved app name": !RESERVED.includes(String(app)),
    version: isText(version, 128) && /^[A-Za-z0-9]([A-Za-z0-9._+-]*[A-Za-z0-9])?$/.test(version),
    "unknown field of pkg": Object.keys(pkg).every((name) => known.includes(name)),
    command: !isGiven || (isTexts(command) && command.length > 0),
    image:
      pkg.type !== "docker" || (isText(image, 512) && /^[A-Za-z0-9[][^\s?#%\\]*$/.test(image) && !image.includes("..")),
    port: [pkg.ports ?? []]
      .flat()
      .every((port) => Object.values(Object(port)).every((value) => value !== 0 && value !== null)),
    volumes: [pkg.volumes ?? []].flat().every((volume) => !String(Object(volume).host_path).split("/").includes("..")),
    args: isTexts(args),
    environment: Object.entries(Object(environment)).every(
      ([name, value]) => /^[A-Za-z_]\w*$/.test(name) && isText(value),
    ),
    instances: typeof count === "number" && Number.isInteger(count) && count >= 0 && count <= 1_000,
  };
  return Object.entries(rules).flatMap(([what, holds]) => (holds ? [] : [what]));
}

function isText(value: unknown, longest = 131_071): value is string {
  return typeof value === "string" && value.length <= longest && !value.includes("\0");
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => isText(item));
}
