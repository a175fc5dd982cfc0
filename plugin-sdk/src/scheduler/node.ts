/** A node as a scheduler sees it. Plain data: the same snapshot always gives the same placement. */
export interface SchedulerNode {
  readonly nodeId: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Only `Healthy` nodes get new instances. */
  readonly health: "Healthy" | "Unknown" | "Unhealthy";
  /** Gets no new instances: an operator said so, or it is being drained. */
  readonly cordoned: boolean;
  /** Types of packages that it can run, with the runtimes that serve them. */
  readonly packageTypes: readonly string[];
  /** What it has; a resource that is absent is not limited, and what asks for none of it always fits. */
  readonly capacity: Resources;
  /** What the instances that are placed on it have asked for. */
  readonly used: Resources;
  /** Host ports that instances on it have asked for, e.g. `8080/tcp`. */
  readonly ports: readonly string[];
  /** How many instances are placed on it, of all deployments. */
  readonly instances: number;
}

/** Amounts of what instances compete for. */
export interface Resources {
  /** Cores. */
  readonly cpu?: number;
  /** Bytes. */
  readonly memory?: number;
}
