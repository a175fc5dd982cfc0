import { createHash } from "node:crypto";
import type { Instance, UnitId } from "@damson/plugin-sdk";

/** Labels by which a container is known to be a unit of Damson, and whose. */
export const LABELS = {
  owner: "damson.owner",
  node: "damson.node",
  app: "damson.app",
  version: "damson.version",
  instance: "damson.instance",
  run: "damson.run",
  /** Hash of the package: tells people, and a later agent, whether two containers were made from the same spec. */
  spec: "damson.spec",
} as const;

/** The labels of an instance's container. */
export function labelsOf({ owner, nodeId, app, version, instanceId, run, pkg }: Instance): Record<string, string> {
  return {
    [LABELS.owner]: owner,
    [LABELS.node]: nodeId,
    [LABELS.app]: app,
    [LABELS.version]: version,
    [LABELS.instance]: instanceId,
    [LABELS.run]: String(run),
    [LABELS.spec]: createHash("sha256").update(JSON.stringify(pkg)).digest("hex"),
  };
}

/** What to filter lists by, for all containers of an owner or of one of its instances. */
export function labelFilters({ owner, instanceId }: Pick<UnitId, "owner"> & Partial<UnitId>): string[] {
  return [`${LABELS.owner}=${owner}`, ...(instanceId === undefined ? [] : [`${LABELS.instance}=${instanceId}`])];
}
