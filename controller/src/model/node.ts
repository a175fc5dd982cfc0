/** Health of a node, as its lease tells. */
export type NodeHealth = "Healthy" | "Unknown" | "Unhealthy";

/** A machine with an agent. */
export interface NodeRecord {
  readonly nodeId: string;
  /** Address that its agent advertises; empty when it says none. */
  readonly ip: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `stream`: its agent dials in. `push`: the controller calls its agent at `agentUrl`. */
  readonly link: "stream" | "push";
  readonly agentUrl?: string | undefined;
  /** Sent to the agent at `agentUrl`; a secret. */
  readonly agentToken?: string | undefined;
  /** Id that the agent made for itself at its first start: another agent with the same node id is refused. */
  readonly owner?: string | undefined;
  /** Version of Damson that its agent runs. */
  readonly version?: string | undefined;
  readonly capacity: { readonly cpu?: number; readonly memory?: number };
  readonly runtimes: readonly NodeRuntime[];
  /** Gets no new instances. */
  readonly cordoned: boolean;
  /** Its instances are being moved away; absent when not. */
  readonly drain?: { readonly startedAt: string; readonly maxParallel?: number } | undefined;
  readonly health: NodeHealth;
  /** ISO 8601. */
  readonly healthSince: string;
  /** Why it is not healthy. */
  readonly reason?: string | undefined;
  readonly registeredAt: string;
  /** Unix seconds by the controller's clock, as of the last change of this record; what is newer is in memory. */
  readonly lastSeen: number;
}

/** A runtime of a node's agent. */
export interface NodeRuntime {
  readonly name: string;
  readonly version?: string | undefined;
  readonly usable: boolean;
  readonly reason?: string | undefined;
  /** SHA-256 of the schema of each package type that it serves. */
  readonly packageTypes: Readonly<Record<string, string>>;
}
