import { type Static, Type } from "typebox";

/** How the agent stands with its controller. */
export const ControllerStatus = Type.Object(
  {
    url: Type.String(),
    state: Type.Enum(["connecting", "connected", "refused"]),
    reason: Type.Optional(Type.String({ description: "Why it is not connected, or what is not in order." })),
    last_contact: Type.Optional(
      Type.String({ format: "date-time", description: "When it last answered, by the agent's clock." }),
    ),
    controller_id: Type.Optional(Type.String({ description: "Of the store whose list was last taken on." })),
    revision: Type.Optional(Type.Integer({ description: "Of the list that was last carried out since the start." })),
    queued_statuses: Type.Integer({ description: "Instances of which something is still to be told." }),
    waiting: Type.Optional(
      Type.Literal(true, { description: "Assigned apps that do not run wait until the controller is heard." }),
    ),
    left: Type.Array(Type.String(), {
      description: "Apps that another store assigned; they are kept, and changed here, until this one lists them.",
    }),
  },
  { $id: "ControllerStatus" },
);
export type ControllerStatus = Static<typeof ControllerStatus>;
