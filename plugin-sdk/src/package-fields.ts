import { type Static, type TString, Type } from "typebox";
import { MemorySizeSchema } from "./memory-size.ts";

/** Fields of a `pkg` that mean the same to every runtime which has them, so that an app can move between runtimes. */

/** A text that can be an argument or the value of a variable. */
export function TextField(description: string): TString {
  return Type.String({ pattern: "^[^\\u0000]*$", description });
}

/** `pkg.args` */
export const ArgumentsField = Type.Array(TextField("One argument, passed as it is; without NUL."), {
  description: "Arguments of the command.",
});

/** `pkg.environment` */
export const EnvironmentField = Type.Record(
  Type.String({ pattern: "^[A-Za-z_][A-Za-z0-9_]*$" }),
  TextField("Its value, without NUL."),
  {
    additionalProperties: false,
    description: "Names are letters, digits and '_', no digit first. The agent's own environment is not passed on.",
  },
);

/** `pkg.replicas` */
export const ReplicasField = Type.Integer({
  minimum: 0,
  maximum: 100,
  default: 1,
  description: "Number of instances; read by the agent.",
});

/** `pkg.resources` */
export const ResourcesField = Type.Object(
  {
    cpu_limit: Type.Optional(
      Type.Union(
        [
          Type.String({ pattern: "^(0*[1-9][0-9]*(\\.[0-9]+)?|[0-9]*\\.0*[1-9][0-9]*)$" }),
          Type.Number({ exclusiveMinimum: 0 }),
        ],
        { description: "Processor time, in cores.", examples: ["0.5", 2] },
      ),
    ),
    memory_limit: Type.Optional(MemorySizeSchema({ description: "Memory; the kernel kills what takes more." })),
    cpu_set: Type.Optional(
      Type.String({
        pattern: "^[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*$",
        description: "The cores that it may run on.",
        examples: ["0-1,3"],
      }),
    ),
  },
  { additionalProperties: false, description: "Limits, set by cgroups." },
);
export type ResourcesField = Static<typeof ResourcesField>;

/** `pkg.logs` */
export const LogsField = Type.Object(
  {
    max_size: Type.Optional(MemorySizeSchema({ default: "10m", description: "The part that is dropped at once." })),
    max_files: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000, default: 5, description: "So many parts are kept." }),
    ),
  },
  {
    additionalProperties: false,
    description:
      "How much log is kept: max_size times max_files, of each stream of a process, of both streams of a container together.",
  },
);
export type LogsField = Static<typeof LogsField>;
