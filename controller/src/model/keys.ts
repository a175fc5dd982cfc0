/** Where each kind of object lies in the store: below its prefix, by its id. */
export const PREFIXES = {
  nodes: "nodes/",
  /** Keys that end with a node's lease: what is not there has not been heard of in time. */
  nodeLeases: "node-leases/",
  /** JSON Schemas of packages, by SHA-256, as agents have told of them. */
  schemas: "schemas/",
  artifacts: "artifacts/",
  deployments: "deployments/",
  /** Ids of deployments by name, so that no two have the same. */
  deploymentNames: "deployment-names/",
  /** Why instances of a deployment are where they are, or nowhere. */
  explanations: "explanations/",
  assignments: "assignments/",
  statuses: "statuses/",
  endpoints: "endpoints/",
  /** Answers of changes by their idempotency key. */
  operations: "operations/",
} as const;

/** A kind of object. */
export type Kind = keyof typeof PREFIXES;

/** The key of an object. Ids that come from outside have been checked to hold no `/` nor blank. */
export function keyOf(kind: Kind, id: string): string {
  return `${PREFIXES[kind]}${id}`;
}

/** The one object that says who this controller's store is. */
export const IDENTITY_KEY = "meta/controller";
