import { type Static, Type } from "typebox";

const Reference = Type.String({
  pattern: "^[a-z][a-z0-9-]*:[a-z0-9][a-z0-9._-]*$",
  description: "kind:name, e.g. runtime:docker",
});

/** The `damson` field of a plugin's package.json: all that a host must know before it runs any of the plugin's code. */
export const Manifest = Type.Object(
  {
    contract: Type.Integer({ minimum: 1, description: "Structural contract number that the plugin was built for." }),
    provides: Type.Array(Reference, { default: [], description: "What it contributes, as kind:name." }),
    requires: Type.Array(Reference, { default: [], description: "What must be there before it starts." }),
    optional: Type.Array(Reference, { default: [], description: "What it uses when it is there." }),
    runsOn: Type.Array(Type.Enum(["agent", "controller"]), { minItems: 1, uniqueItems: true }),
    configSchema: Type.Optional(
      Type.String({ description: "Path of the JSON Schema of its config, from its package.json." }),
    ),
    ui: Type.Optional(Type.String({ description: "Path of an ES module with UI contributions." })),
  },
  { additionalProperties: false },
);
export type Manifest = Static<typeof Manifest>;

/** The keyword in package.json by which plugins are found on npm. */
export const PLUGIN_KEYWORD = "damson-plugin";
