import { type Static, Type } from "typebox";

const Values = Type.Array(Type.String({ maxLength: 1_024 }), { minItems: 1, maxItems: 64 });
const Label = Type.String({
  pattern: "^.{1,128}$",
  description: "Name of a label of the node; `node.id` is the node's own id.",
});

/** What a node must be like: all of them must hold. */
export const Constraint = Type.Object(
  {
    label: Label,
    operator: Type.Optional(
      Type.Enum(["in", "not_in", "exists", "not_exists"], {
        description:
          "How its value is compared; in and not_in need values. Default in. A node without the label is `not_in` and `not_exists`.",
      }),
    ),
    values: Type.Optional(Values),
  },
  { additionalProperties: false },
);
export type Constraint = Static<typeof Constraint>;

/** A wish: nodes that hold it score higher, or lower with a negative weight. */
export const Affinity = Type.Object(
  {
    label: Label,
    values: Values,
    weight: Type.Optional(Type.Integer({ minimum: -100, maximum: 100, description: "Default 50." })),
  },
  { additionalProperties: false },
);
export type Affinity = Static<typeof Affinity>;

/** Where instances of a deployment may go, and where they should. */
export const Placement = Type.Object(
  {
    strategy: Type.Optional(
      Type.Enum(["spread", "binpack"], {
        description: "spread: as evenly over the nodes as can be; binpack: as few nodes as can be. Default spread.",
      }),
    ),
    constraints: Type.Optional(Type.Array(Constraint, { maxItems: 32 })),
    affinity: Type.Optional(Type.Array(Affinity, { maxItems: 32 })),
    anti_affinity: Type.Optional(
      Type.Object(
        {
          deployments: Type.Optional(
            Type.Array(Type.String(), {
              maxItems: 32,
              description:
                "Names of deployments: no node that has an instance of one of them. One that names itself gets one " +
                "instance on a node.",
            }),
          ),
          max_per_node: Type.Optional(
            Type.Integer({ minimum: 1, description: "Most instances of this entry on one node. Default no limit." }),
          ),
          spread_by: Type.Optional(
            Type.String({
              description: "Label by whose values they are spread first, e.g. zone. Nodes without it come last.",
            }),
          ),
        },
        { additionalProperties: false },
      ),
    ),
    scheduler: Type.Optional(Type.String({ description: "Name of the scheduler. Default the first that is loaded." })),
  },
  { additionalProperties: false, description: "Where instances may go, and where they should." },
);
export type Placement = Static<typeof Placement>;
