import type { Constraint } from "../../scheduler/placement.ts";
import type { PlacementRequest, PlacementSnapshot } from "../../scheduler/scheduler.ts";

/**
 * What the contract lets each node take, as requests are placed one after the other. No scheduler: it chooses nothing, and
 * knows no strategy. Amounts have to be sums of powers of two, so that they are exact.
 */
export class PlacementModel {
  readonly #snapshot: PlacementSnapshot;
  readonly #taken: { readonly nodeId: string; readonly request: PlacementRequest }[] = [];

  constructor(snapshot: PlacementSnapshot) {
    this.#snapshot = snapshot;
  }

  take(nodeId: string, request: PlacementRequest): void {
    this.#taken.push({ nodeId, request });
  }

  /** Whether the node can take an instance of the request now. */
  allows(nodeId: string, request: PlacementRequest): boolean {
    const node = this.#snapshot.nodes.find((one) => one.nodeId === nodeId);
    if (node === undefined || node.health !== "Healthy" || node.cordoned) return false;
    if (request.avoid?.[nodeId] !== undefined || !node.packageTypes.includes(request.packageType)) return false;
    const { constraints = [], anti_affinity: { deployments = [], max_per_node: most } = {} } = request.placement;
    const labels = { ...node.labels, "node.id": nodeId };
    if (!constraints.every((constraint) => satisfies(labels, constraint))) return false;
    const here = this.#taken.filter((one) => one.nodeId === nodeId).map((one) => one.request);
    const there = [...(this.#snapshot.deploymentsOn[nodeId] ?? []), ...here.map(({ deployment }) => deployment)];
    if (deployments.some((deployment) => there.includes(deployment))) return false;
    const ports = [...node.ports, ...here.flatMap((one) => one.ports)];
    if (request.ports.some((port) => ports.includes(port))) return false;
    const ofEntry = here.filter((one) => one.deployment === request.deployment && one.entry === request.entry);
    if (most !== undefined && (request.placed[nodeId] ?? 0) + ofEntry.length >= most) return false;
    return (["cpu", "memory"] as const).every((resource) => {
      const need = request.resources[resource] ?? 0;
      const used = here.reduce((sum, one) => sum + (one.resources[resource] ?? 0), node.used[resource] ?? 0);
      return need === 0 || used + need <= (node.capacity[resource] ?? Number.POSITIVE_INFINITY);
    });
  }
}

function satisfies(labels: Record<string, string>, { label, operator = "in", values = [] }: Constraint): boolean {
  const value = labels[label];
  const holds = {
    in: value !== undefined && values.includes(value),
    not_in: value === undefined || !values.includes(value),
    exists: value !== undefined,
    not_exists: value === undefined,
  };
  return holds[operator];
}
