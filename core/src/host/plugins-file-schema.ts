import { type Static, Type } from "typebox";

/** What an id looks like: it becomes part of paths and URLs. */
export const PLUGIN_ID_PATTERN = "^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$";

const PackageOrPath = "^((@[a-z0-9~-][a-z0-9._~-]*/)?[a-z0-9~-][a-z0-9._~-]*|\\.{1,2}/.+|/.+)$";

/** One entry of plugins.yaml. */
export const PluginEntrySchema = Type.Object(
  {
    use: Type.String({
      pattern: PackageOrPath,
      description: "The name of an npm package, or ./path of a local plugin, from the folder of this file.",
    }),
    id: Type.Optional(
      Type.String({
        pattern: PLUGIN_ID_PATTERN,
        description:
          "Lower-case letters, digits, '.', '_' and '-'; 1 to 63 characters. Defaults to the package's name without its scope.",
      }),
    ),
    required: Type.Optional(
      Type.Boolean({ default: false, description: "Whether the host refuses to start without this plugin." }),
    ),
    config: Type.Optional(
      Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()], {
        description: `The plugin's own settings. \${NAME} and \${NAME:-default} in strings are taken from the environment.`,
      }),
    ),
  },
  { additionalProperties: false },
);
export type PluginEntrySchema = Static<typeof PluginEntrySchema>;

/** The whole of plugins.yaml. */
export const PluginsFileSchema = Type.Object(
  { plugins: Type.Array(PluginEntrySchema, { description: "The plugins that the host loads." }) },
  { additionalProperties: false },
);
