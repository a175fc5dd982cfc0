import { setTimeout as delay } from "node:timers/promises";
import { answer } from "@damson/client";
import type { Cluster } from "./cluster.ts";

const EVERY_MS = 50;

/** What must hold all the time of a deployment. */
export interface Bounds {
  /** Fewest instances that really run. @default 0 */
  readonly least?: number;
  /** Most instances that have registered the service. @default any */
  readonly most?: number;
}

/** Looks at a deployment again and again, until it is ended, and notes what must never be. */
export class Sampler {
  readonly #cluster: Cluster;
  readonly #deploymentId: string;
  readonly #service: string;
  readonly #bounds: Bounds;
  readonly #faults = new Set<string>();
  readonly #end = new AbortController();
  readonly #sampling: Promise<void>;
  #samples = 0;

  constructor(cluster: Cluster, deploymentId: string, service: string, bounds: Bounds = {}) {
    this.#cluster = cluster;
    this.#deploymentId = deploymentId;
    this.#service = service;
    this.#bounds = bounds;
    this.#sampling = this.#sample();
  }

  /** Ends it. @returns what was seen and must not be */
  async end(): Promise<string[]> {
    this.#end.abort();
    await this.#sampling;
    if (this.#samples === 0) this.#faults.add("nothing was looked at");
    return [...this.#faults];
  }

  async #sample(): Promise<void> {
    while (!this.#end.signal.aborted) {
      await this.#look().catch((thrown: unknown) => void this.#faults.add(String(thrown)));
      await delay(EVERY_MS, undefined, { signal: this.#end.signal }).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const query = { service: this.#service, all: true };
    const endpoints = await answer(this.#cluster.api.GET("/v1/discovery", { params: { query } }));
    if (endpoints.length > (this.#bounds.most ?? endpoints.length)) {
      this.#faults.add(`registered at once: ${endpoints.map(({ instanceId }) => instanceId).sort()}`);
    }
    const running = this.#cluster.runningOf(this.#deploymentId).length;
    if (running < (this.#bounds.least ?? 0)) this.#faults.add(`only ${running} instances run`);
    this.#samples += 1;
  }
}
