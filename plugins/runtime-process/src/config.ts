import { DurationSchema, MemorySizeSchema } from "@damson/plugin-sdk";
import { type Static, Type } from "typebox";

/** The plugin's config in plugins.yaml. */
export const ProcessConfig = Type.Object(
  {
    artifacts: Type.Optional(
      Type.Object(
        {
          max_entries: Type.Optional(
            Type.Integer({
              minimum: 1,
              default: 10_000,
              description: "An archive with more files and directories is refused.",
            }),
          ),
          max_unpacked: Type.Optional(
            MemorySizeSchema({ default: "2g", description: "An archive that unpacks to more than this is refused." }),
          ),
          max_ratio: Type.Optional(
            Type.Number({
              minimum: 1,
              default: 200,
              description: "An archive that unpacks to more than this many times its own size is refused.",
            }),
          ),
          max_download: Type.Optional(
            MemorySizeSchema({ default: "1g", description: "A download is broken off beyond this size." }),
          ),
          download_timeout: Type.Optional(
            DurationSchema({
              default: "14m",
              description: "A download, with all its tries, must end within this time.",
            }),
          ),
        },
        { additionalProperties: false, description: "Bounds on artifacts." },
      ),
    ),
    logs: Type.Optional(
      Type.Object(
        {
          max_size: Type.Optional(
            MemorySizeSchema({ default: "10m", description: "Default of an app's logs.max_size." }),
          ),
          max_files: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: 1_000,
              default: 5,
              description: "Default of an app's logs.max_files.",
            }),
          ),
        },
        { additionalProperties: false, description: "How much log is kept where an app does not say." },
      ),
    ),
  },
  { additionalProperties: false },
);
export type ProcessConfig = Static<typeof ProcessConfig>;
