import { ArtifactFields, ArtifactRules } from "@damson/artifact";
import {
  ArgumentsField,
  EnvironmentField,
  LogsField,
  packageReader,
  ReplicasField,
  ResourcesField,
  TextField,
} from "@damson/plugin-sdk";
import { type Static, Type } from "typebox";

const Port = Type.Object(
  {
    host_port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535, description: "Port on the host." })),
    container_port: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 65_535, description: "For a process the same as host_port." }),
    ),
    protocol: Type.Optional(Type.Enum(["tcp", "udp"], { default: "tcp", description: "Its protocol." })),
  },
  { additionalProperties: false },
);

const common = {
  args: Type.Optional(ArgumentsField),
  environment: Type.Optional(EnvironmentField),
  user: Type.Optional(
    Type.String({
      pattern: "^([A-Za-z_][A-Za-z0-9_.-]{0,63}|[0-9]{1,10})$",
      description:
        "Name or number of the user it runs as. Default: the agent's own. Another one needs an agent run by root.",
    }),
  ),
  replicas: Type.Optional(ReplicasField),
  resources: Type.Optional(ResourcesField),
  ports: Type.Optional(
    Type.Array(Port, {
      maxItems: 100,
      description: "Ports that it listens on, for people to read. Nothing is mapped.",
    }),
  ),
  logs: Type.Optional(LogsField),
};

const workingDir = Type.Optional(
  Type.String({
    pattern: "^/[^\\u0000]*$",
    description: "Absolute directory to run in. Default: a directory of the instance's own, kept from run to run.",
  }),
);

/** `type: binary`: a program that is on the machine. */
export const BinaryPackage = Type.Object(
  {
    type: Type.Literal("binary", { description: "A program that is on the machine." }),
    command: Type.Array(TextField("The program, then arguments; without NUL."), {
      minItems: 1,
      description: "The program (absolute, relative to working_dir, or found in PATH), and arguments.",
    }),
    working_dir: workingDir,
    ...common,
  },
  { additionalProperties: false },
);

/** `type: script`: lines run by a shell. */
export const ScriptPackage = Type.Object(
  {
    type: Type.Literal("script", { description: "Lines run by a shell." }),
    command: Type.Array(TextField("One line, without NUL."), { minItems: 1, description: "The lines of the script." }),
    shell: Type.Optional(Type.Enum(["sh", "bash"], { default: "sh", description: "The shell that runs it." })),
    working_dir: workingDir,
    ...common,
  },
  { additionalProperties: false },
);

/** `type: artifact`: a zip or tar.gz archive. */
export const ArtifactPackage = Type.Object(
  {
    type: Type.Literal("artifact", { description: "A zip or tar.gz archive, unpacked for each instance." }),
    ...ArtifactFields,
    command: Type.Optional(
      Type.Array(TextField("The program, then arguments; without NUL."), {
        minItems: 1,
        default: ["./start.sh"],
        description: "The program, relative to the unpacked directory, and arguments.",
      }),
    ),
    working_dir: Type.Optional(
      Type.String({
        pattern: "^/[^\\u0000]*$",
        description: "Absolute directory to run in. Default: the unpacked directory.",
      }),
    ),
    ...common,
  },
  { additionalProperties: false, ...ArtifactRules },
);

export type BinaryPackage = Static<typeof BinaryPackage>;
export type ScriptPackage = Static<typeof ScriptPackage>;
export type ArtifactPackage = Static<typeof ArtifactPackage>;
/** A package that the process runtime runs. */
export type ProcessPackage = BinaryPackage | ScriptPackage | ArtifactPackage;

/** The schema of each `pkg.type`. */
export const PACKAGE_SCHEMAS = { binary: BinaryPackage, script: ScriptPackage, artifact: ArtifactPackage };

/** Gives packages their types. */
export const packages = packageReader(PACKAGE_SCHEMAS);
