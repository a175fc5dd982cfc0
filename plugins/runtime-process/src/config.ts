import { ArtifactsConfig } from "@damson/artifact";
import { MemorySizeSchema } from "@damson/plugin-sdk";
import { type Static, Type } from "typebox";

/** The plugin's config in plugins.yaml. */
export const ProcessConfig = Type.Object(
  {
    artifacts: Type.Optional(ArtifactsConfig),
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
