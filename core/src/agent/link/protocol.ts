import { type Static, Type } from "typebox";

// Answers are checked before anything is done about them: apps are not to be ended by whatever answers at a wrong URL.
// What a newer controller adds is passed over.

export const HeartbeatAnswer = Type.Object({
  ttlSec: Type.Number({ exclusiveMinimum: 0 }),
  controllerId: Type.String({ minLength: 1 }),
  revision: Type.Integer(),
  schemasWanted: Type.Optional(Type.Array(Type.String())),
  factsWanted: Type.Optional(Type.Boolean()),
});
export type HeartbeatAnswer = Static<typeof HeartbeatAnswer>;

/** One assignment; `apply` is checked by itself, so that one which is wrong keeps no other from being carried out. */
export const AssignmentItem = Type.Object({
  instanceId: Type.String({ minLength: 1 }),
  desired: Type.Enum(["Running", "Stopped"]),
  specVersion: Type.Integer(),
  apply: Type.Unknown(),
});
export type AssignmentItem = Static<typeof AssignmentItem>;

export const AssignmentList = Type.Object({
  items: Type.Array(AssignmentItem),
  controllerId: Type.String({ minLength: 1 }),
  revision: Type.Integer(),
});
export type AssignmentList = Static<typeof AssignmentList>;

export const ReportsAnswer = Type.Object({ accepted: Type.Integer(), unknown: Type.Array(Type.String()) });
export type ReportsAnswer = Static<typeof ReportsAnswer>;

/** What an agent tells of itself. */
export interface AgentFacts {
  readonly version?: string;
  readonly url?: string;
  readonly capacity?: { readonly cpu?: number; readonly memory?: number };
  readonly runtimes?: RuntimeFacts[];
  readonly seen?: Seen;
}

/** What an agent tells of one of its runtimes. */
export interface RuntimeFacts {
  readonly name: string;
  readonly version?: string;
  readonly usable: boolean;
  readonly reason?: string;
  /** SHA-256 of the JSON Schema of each package type that it serves. */
  readonly packageTypes: Readonly<Record<string, string>>;
}

/** The newest list that was carried out, and all assigned instances that are still there. */
export interface Seen {
  readonly controllerId: string;
  readonly revision: number;
  readonly instances: string[];
}

/** Body of a heartbeat. */
export interface Heartbeat {
  readonly nodeId: string;
  readonly ip?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly agent: AgentFacts & { readonly owner: string; readonly schemas?: Readonly<Record<string, unknown>> };
}

/** What is told of one instance. */
export interface StatusReport {
  readonly instanceId: string;
  readonly phase: "Running" | "Stopped" | "Exited" | "Failed" | "Pending";
  readonly exitCode?: number;
  readonly healthy: boolean;
  /** Unix seconds by the agent's clock, for people. */
  readonly tsUnix: number;
  readonly detail?: string;
  readonly reason?: string;
  readonly restarts?: number;
  readonly crashLooping?: boolean;
  readonly specVersion?: number;
}

/** A report with its number, which rises with each report of the node, over restarts of the agent too. */
export type NumberedReport = StatusReport & { readonly seq: number };

/** Where an instance can be reached. */
export interface ServiceEndpoint {
  readonly serviceName: string;
  readonly port: number;
  readonly protocol: string;
  readonly version?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** The endpoints of one instance. */
export interface Registration {
  readonly instanceId: string;
  readonly nodeId: string;
  readonly ip: string;
  readonly endpoints: readonly ServiceEndpoint[];
}

/**
 * The calls that the link makes. Each has a deadline.
 *
 * @throws ProblemError when the controller refuses, UnreachableError when no answer comes
 */
export interface ControllerApi {
  heartbeat(body: Heartbeat, signal: AbortSignal): Promise<HeartbeatAnswer>;
  /** The node's list, `undefined` while it is the one with this tag. */
  assignments(
    nodeId: string,
    etag: string | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly list: AssignmentList; readonly etag: string | undefined } | undefined>;
  /** Yields when the stream stands, and with each sign that the list has changed. */
  nudges(nodeId: string, signal: AbortSignal): AsyncIterable<void>;
  report(nodeId: string, statuses: readonly NumberedReport[], signal: AbortSignal): Promise<ReportsAnswer>;
  register(registration: Registration, signal: AbortSignal): Promise<void>;
  deregister(instanceId: string, signal: AbortSignal): Promise<void>;
}
