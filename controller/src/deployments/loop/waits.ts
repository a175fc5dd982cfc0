import type { NewEvent } from "@damson/core/http";
import type { PlacedPlan } from "./placing.ts";

/** Says once what keeps a deployment from becoming what it should be, and not again until that is over. */
export class Waits {
  readonly #said = new Set<string>();
  readonly #publish: (event: NewEvent) => void;

  constructor(publish: (event: NewEvent) => void) {
    this.#publish = publish;
  }

  /** Looks at what a plan could not do. */
  look({ view: { deployment }, plan, placed, judged }: PlacedPlan): void {
    const { deploymentId, name } = deployment;
    const refused = plan.refusals.reduce((sum, { count }) => sum + count, 0);
    const unplaced = plan.creations.length - placed.length + refused;
    const [rejection] = [...plan.refusals, ...judged.flatMap(({ result }) => result.rejected.slice(0, 1))];
    const because = rejection ? `, e.g. ${rejection.nodeId}: ${rejection.reason}` : "";
    const lost = plan.creations.some(({ insteadOf }) => insteadOf)
      ? "; what was lost counts until it has another node"
      : "";
    this.#tell(`unplaced ${deploymentId}`, unplaced > 0, {
      type: "instance.unplaced",
      message: `There is no node for ${unplaced} of its instances${because}${lost}; damson explain ${name} shows more`,
      deploymentId,
      deployment: name,
    });
    const [wait] = plan.moveWaits.values();
    this.#tell(`move ${deploymentId}`, wait !== undefined, {
      type: "instance.waits",
      message: `A move does not go on: ${wait}`,
      deploymentId,
      deployment: name,
    });
  }

  /** A deployment that is gone waits for nothing. */
  forget(deploymentId: string): void {
    for (const what of ["unplaced", "move"]) this.#said.delete(`${what} ${deploymentId}`);
  }

  #tell(key: string, isSo: boolean, event: NewEvent): void {
    if (isSo === this.#said.has(key)) return;
    if (isSo) this.#said.add(key);
    else this.#said.delete(key);
    if (isSo) this.#publish(event);
  }
}
