import { DamsonError } from "@damson/plugin-sdk";
import type { ControllerParts } from "../parts.ts";
import type { FailoverState } from "./loop/lost-nodes.ts";
import { PlanLoop } from "./loop/plan-loop.ts";

/** Deployments: keeps what they declare true over the nodes. */
export class Deployments {
  readonly #parts: ControllerParts;
  readonly #loop: PlanLoop;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    this.#loop = new PlanLoop(parts);
  }

  /** Begins its loop, once the objects are followed. */
  async start(): Promise<void> {
    this.#loop.start();
  }

  /** Ends its loop. */
  async close(): Promise<void> {
    await this.#loop.close();
  }

  /** How failover stands. */
  get state(): { readonly failover: FailoverState } {
    return { failover: this.#loop.lostNodes.state };
  }

  /**
   * Does for a deployment what can be done at once. It resolves as well when the store refuses that: then it is done later,
   * and never throws.
   */
  async settle(deploymentId: string): Promise<void> {
    await this.#loop.settle(deploymentId);
  }

  /**
   * Brings instances back to a node from which they were moved away. Each goes from where it is when it is healthy there.
   *
   * @returns how many are on their way
   * @throws DamsonError `NODE_NOT_FOUND` (404), `NODE_TAKES_NOTHING` (409)
   */
  async failback(nodeId: string): Promise<{ moved: number }> {
    const node = this.#parts.objects.nodes.get(nodeId)?.value;
    if (!node) {
      throw new DamsonError("NODE_NOT_FOUND", `There is no node "${nodeId}"`, {
        status: 404,
        remedy: "`damson node list` or GET /v1/nodes shows all.",
      });
    }
    if (node.health !== "Healthy" || node.cordoned || node.drain) {
      const state = node.health !== "Healthy" ? node.health : node.drain ? "being drained" : "cordoned";
      throw new DamsonError("NODE_TAKES_NOTHING", `Node "${nodeId}" is ${state}, so nothing goes back to it`, {
        status: 409,
        remedy: "Wait until it is healthy, or uncordon it.",
      });
    }
    return { moved: await this.#loop.failback(nodeId) };
  }
}
