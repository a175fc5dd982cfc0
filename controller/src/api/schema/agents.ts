import { type Static, Type } from "typebox";
import { closed, Labels, NodeId } from "./common.ts";

/** Boreas's registration: the controller calls this agent. */
export const AgentRegistration = Type.Object(
  {
    agent_id: NodeId,
    // Both are checked without a schema, whose errors would show a login or the token.
    agent_url: Type.String({ description: "http(s)://host[:port][/path], without login, query or fragment." }),
    token: Type.Optional(
      Type.String({ description: "What the agent asks for: 1 to 4,096 visible ASCII characters. It is never shown." }),
    ),
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
