import { type Static, Type } from "typebox";
import { closed, Labels, NodeId } from "./common.ts";

/** Boreas's registration: the controller calls this agent. */
export const AgentRegistration = Type.Object(
  {
    agent_id: NodeId,
    agent_url: Type.String({ pattern: "^https?://[^\\s]+$", maxLength: 2_048 }),
    token: Type.Optional(Type.String({ maxLength: 4_096, description: "What the agent asks for; kept, never shown." })),
    labels: Type.Optional(Labels),
  },
  closed,
);
export type AgentRegistration = Static<typeof AgentRegistration>;

export const RegisteredAgent = Type.Object(
  {
    agent_id: Type.String(),
    agent_url: Type.String(),
    status: Type.Enum(["online", "offline"]),
    healthy: Type.Object({ level: Type.Integer({ minimum: 0, maximum: 100 }), msg: Type.String() }),
    last_seen: Type.Integer(),
  },
  { $id: "RegisteredAgent" },
);
export type RegisteredAgent = Static<typeof RegisteredAgent>;
export const RegisteredAgents = Type.Object({ agents: Type.Array(RegisteredAgent) });
export const AgentParams = Type.Object({ agent_id: NodeId }, closed);
