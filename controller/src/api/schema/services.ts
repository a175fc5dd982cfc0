import { type Static, Type } from "typebox";
import { closed, InstanceId, Labels, NodeId } from "./common.ts";

const ServiceName = Type.String({ pattern: "^[A-Za-z0-9]([A-Za-z0-9._-]{0,126}[A-Za-z0-9])?$" });
const Port = Type.Integer({ minimum: 1, maximum: 65_535 });

export const EndpointRequest = Type.Object(
  {
    serviceName: ServiceName,
    port: Port,
    protocol: Type.Optional(Type.String({ minLength: 1, maxLength: 32, description: "Default http." })),
    version: Type.Optional(Type.String({ maxLength: 128 })),
    labels: Type.Optional(Labels),
  },
  closed,
);

export const RegisterRequest = Type.Object(
  {
    instanceId: InstanceId,
    nodeId: NodeId,
    ip: Type.String({ minLength: 1, maxLength: 256 }),
    endpoints: Type.Array(EndpointRequest, { maxItems: 64 }),
  },
  closed,
);
export type RegisterRequest = Static<typeof RegisterRequest>;
export const RegisterQuery = Type.Object(
  { replace: Type.Optional(Type.Boolean({ description: "Accepted; an instance's endpoints are always replaced." })) },
  closed,
);

export const ServiceHeartbeat = Type.Object(
  {
    instanceId: InstanceId,
    health: Type.Optional(
      Type.Array(
        Type.Object(
          {
            serviceName: ServiceName,
            ip: Type.Optional(Type.String({ maxLength: 256 })),
            port: Type.Optional(Port),
            protocol: Type.Optional(Type.String({ maxLength: 32 })),
            healthy: Type.Boolean(),
          },
          closed,
        ),
        { maxItems: 64 },
      ),
    ),
  },
  closed,
);

export type ServiceHeartbeat = Static<typeof ServiceHeartbeat>;

export const Endpoint = Type.Object(
  {
    serviceName: Type.String(),
    instanceId: Type.String(),
    nodeId: Type.String(),
    ip: Type.String(),
    port: Type.Integer(),
    protocol: Type.String(),
    version: Type.String(),
    labels: Type.Record(Type.String(), Type.String()),
    healthy: Type.Boolean(),
    lastSeen: Type.Integer({ description: "Unix seconds." }),
  },
  { $id: "Endpoint" },
);
export type Endpoint = Static<typeof Endpoint>;

export const ServiceInstanceQuery = Type.Object({ instanceId: InstanceId }, closed);
/** `service` must be there; what is said when it is not is Plum's. */
export const DiscoveryQuery = Type.Object(
  {
    service: Type.Optional(ServiceName),
    version: Type.Optional(Type.String({ maxLength: 128 })),
    protocol: Type.Optional(Type.String({ maxLength: 32 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
    all: Type.Optional(Type.Boolean({ description: "Also those that are not healthy." })),
  },
  closed,
);

export const ResolveQuery = Type.Object(
  {
    service: ServiceName,
    version: DiscoveryQuery.properties.version,
    protocol: DiscoveryQuery.properties.protocol,
    strategy: Type.Optional(
      Type.Enum(["random", "round_robin"], { description: "How one of several is chosen. Default random." }),
    ),
    hashKey: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 1_024,
        description: "The same key gets the same endpoint while it is there.",
      }),
    ),
  },
  closed,
);
