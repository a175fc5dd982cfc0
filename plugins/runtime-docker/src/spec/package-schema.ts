import { ArtifactFields, ArtifactRules } from "@damson/artifact";
import {
  ArgumentsField,
  EnvironmentField,
  LogsField,
  MemorySizeSchema,
  packageReader,
  ReplicasField,
  ResourcesField,
  TextField,
} from "@damson/plugin-sdk";
import { type Static, Type } from "typebox";
import { REFERENCE, REFERENCE_LENGTH } from "../image/reference.ts";

const closed = { additionalProperties: false } as const;

/** A path inside the container. */
const ContainerPath = Type.String({
  pattern: "^/[^\\u0000:]*$",
  description: "Absolute path inside the container, without a colon.",
});

const Port = Type.Object(
  {
    container_port: Type.Integer({ minimum: 1, maximum: 65_535, description: "Port that the app listens on." }),
    host_port: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 65_535,
        description: "Port on the host. Default: the engine picks a free one.",
      }),
    ),
    protocol: Type.Optional(Type.Enum(["tcp", "udp"], { default: "tcp", description: "Its protocol." })),
    host_ip: Type.Optional(
      Type.String({
        anyOf: [{ format: "ipv4" }, { format: "ipv6" }],
        description: "Address of the host to listen on, e.g. 127.0.0.1. Default: all, as the engine has it.",
      }),
    ),
  },
  closed,
);

const Volume = Type.Object(
  {
    host_path: Type.Optional(
      Type.String({
        pattern: "^/[^\\u0000:]*$",
        description: "Directory or file of the host; made when it is missing.",
      }),
    ),
    name: Type.Optional(
      Type.String({
        pattern: "^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$",
        description: "A volume of the engine; made when it is missing, and never removed by Damson.",
      }),
    ),
    tmpfs: Type.Optional(MemorySizeSchema({ description: "A file system in memory of this size, new with each run." })),
    container_path: ContainerPath,
    read_only: Type.Optional(Type.Boolean({ default: false, description: "Whether the app may only read it." })),
  },
  { ...closed, oneOf: [{ required: ["host_path"] }, { required: ["name"] }, { required: ["tmpfs"] }] },
);

const Resources = Type.Object(
  {
    ...ResourcesField.properties,
    pids_limit: Type.Optional(Type.Integer({ minimum: 1, description: "Most processes and threads at once." })),
  },
  { ...closed, description: "Limits, set by the engine." },
);

const LogDriver = Type.Object(
  {
    type: Type.String({ pattern: "^[a-z0-9][a-z0-9/:._-]*$", description: "Name of the engine's log driver." }),
    options: Type.Optional(Type.Record(Type.String(), Type.String(), { description: "The driver's own options." })),
  },
  {
    ...closed,
    description: "Another log driver than the usual one. Logs can be read only where the engine can read them back.",
  },
);

const common = {
  args: Type.Optional(ArgumentsField),
  environment: Type.Optional(EnvironmentField),
  user: Type.Optional(
    Type.String({
      pattern: "^[A-Za-z0-9_][A-Za-z0-9_.-]*(:[A-Za-z0-9_][A-Za-z0-9_.-]*)?$",
      description: "User, or user:group, by name or number, inside the container. Default: the image's.",
    }),
  ),
  working_dir: Type.Optional(ContainerPath),
  replicas: Type.Optional(ReplicasField),
  resources: Type.Optional(Resources),
  ports: Type.Optional(Type.Array(Port, { maxItems: 100, description: "Ports of the container on the host." })),
  volumes: Type.Optional(Type.Array(Volume, { maxItems: 100, description: "What is mounted into the container." })),
  network: Type.Optional(
    Type.String({
      pattern: "^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$",
      description:
        "`bridge` (default), `host`, `none`, `app` for a network that only the instances of this app share (made and removed with it), or the name of a network of the engine.",
    }),
  ),
  extra_hosts: Type.Optional(
    Type.Record(
      Type.String({ pattern: "^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$" }),
      Type.String({ anyOf: [{ format: "ipv4" }, { format: "ipv6" }, { const: "host-gateway" }] }),
      {
        additionalProperties: false,
        description: "Addresses of further host names; `host-gateway` stands for the host.",
      },
    ),
  ),
  pull_policy: Type.Optional(
    Type.Enum(["always", "if_not_present", "never"], {
      default: "if_not_present",
      description: "When the image is fetched from its registry.",
    }),
  ),
  read_only: Type.Optional(
    Type.Boolean({ default: false, description: "Whether the container's own file system is read-only." }),
  ),
  capabilities: Type.Optional(
    Type.Array(Type.String({ pattern: "^[A-Z][A-Z_]*$" }), {
      maxItems: 64,
      uniqueItems: true,
      description:
        "Linux capabilities that it keeps; all others are dropped. Default: CHOWN, DAC_OVERRIDE, FOWNER, KILL, NET_BIND_SERVICE, SETGID and SETUID.",
      examples: [[], ["NET_BIND_SERVICE"]],
    }),
  ),
  init: Type.Optional(
    Type.Boolean({
      default: true,
      description: "Whether a tiny init is its first process, which hands on signals and reaps what is orphaned.",
    }),
  ),
  logs: Type.Optional(LogsField),
  log_driver: Type.Optional(LogDriver),
};

const Image = Type.String({
  pattern: REFERENCE,
  maxLength: REFERENCE_LENGTH,
  description: "Reference of the image, e.g. registry.example.org/shop:v1, or with @sha256:….",
});

/** `type: docker`: an image. */
export const DockerPackage = Type.Object(
  {
    type: Type.Literal("docker", { description: "A container image." }),
    image: Image,
    command: Type.Optional(
      Type.Array(TextField("The program, then arguments; without NUL."), {
        minItems: 1,
        description: "Program and arguments in place of the image's entrypoint and command. Default: the image's.",
      }),
    ),
    ...common,
  },
  closed,
);
export type DockerPackage = Static<typeof DockerPackage>;

export type PortMapping = Static<typeof Port>;
export type Volume = Static<typeof Volume>;

/** `type: artifact`, where it runs in a container: the fields of a container, and where the archive comes from. */
export const ContainerArtifact = Type.Object(
  {
    type: Type.Literal("artifact", { description: "A zip or tar.gz archive, unpacked for each instance, at /app." }),
    ...ArtifactFields,
    image: Type.Optional(Image),
    command: Type.Optional(
      Type.Array(TextField("The program, then arguments; without NUL."), {
        minItems: 1,
        default: ["./start.sh"],
        description: "The program, relative to the unpacked directory, and arguments.",
      }),
    ),
    ...common,
  },
  { ...closed, ...ArtifactRules },
);
export type ContainerArtifact = Static<typeof ContainerArtifact>;

/** The schema of each `pkg.type`. */
export const PACKAGE_SCHEMAS = { docker: DockerPackage, artifact: ContainerArtifact };

/** Gives packages their types. */
export const packages = packageReader(PACKAGE_SCHEMAS);
