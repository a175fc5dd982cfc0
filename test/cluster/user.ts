import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { answer, ProblemError } from "@damson/client";
import type { Random } from "../support/random.ts";
import { until } from "../support/until.ts";
import type { Cluster } from "./cluster.ts";
import { deploymentOf, detailOf } from "./deployments.ts";

/** As long as the whole test may last: the controller may die again and again before it can answer. */
const DEADLINE_MS = 240_000;
const MOST_INSTANCES = 6;

type Operation = "create" | "scale" | "version" | "stop" | "start" | "delete";

/** What a user knows to have been acknowledged of a deployment. */
interface Declared {
  readonly version: number;
  readonly replicas: number;
  readonly status: "Running" | "Stopped";
}

/** Someone who changes one deployment again and again, each change until it is acknowledged, and who remembers it. */
export class ClusterUser {
  readonly name: string;
  readonly faults: string[] = [];
  /** How many changes were acknowledged. */
  acknowledged = 0;
  #declared: Declared | undefined;
  readonly #cluster: Cluster;
  readonly #random: Random;

  constructor(name: string, cluster: Cluster, random: Random) {
    this.name = name;
    this.#cluster = cluster;
    this.#random = random;
  }

  /** Until `signal` aborts. */
  async act(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const what = this.#declared
        ? this.#random.of<Operation>(["scale", "scale", "version", "stop", "start", "delete"])
        : "create";
      try {
        await this.#do(what);
        await this.#check(what);
      } catch (thrown) {
        this.faults.push(`${what} of ${this.name}: ${thrown}`);
      }
      await delay(this.#random.between(0, 1_000), undefined, { signal }).catch(() => undefined);
    }
  }

  /** What is not as declared, by what the controller says and by what really runs. */
  async faultNow(): Promise<string | undefined> {
    const declared = this.#declared;
    const found = await this.#find();
    if (!declared) return found && `${this.name} was deleted, and is there`;
    if (!found) return `${this.name} is not there`;
    const { deployment, assignments } = found;
    const wanted = declared.status === "Running" ? declared.replicas : 0;
    const active = assignments.filter(({ removing }) => removing === undefined);
    const should = declared.status === "Running" ? active.map(({ instanceId }) => instanceId).sort() : [];
    const running = this.#cluster.runningOf(deployment.deploymentId);
    const versions = new Set(active.map(({ appVersion }) => appVersion));
    const told = `${this.name} (${JSON.stringify(declared)})`;
    if (active.length !== declared.replicas) return `${told} has ${active.length} instances`;
    if (running.length !== wanted || running.join() !== should.join())
      return `${told}: running are ${running}, should be ${should}`;
    if (declared.replicas > 0 && [...versions].join() !== `${declared.version}`)
      return `${told} has versions ${[...versions]}`;
    if (declared.status === "Running" && deployment.healthy !== declared.replicas)
      return `${told}: only ${deployment.healthy} are healthy`;
    return undefined;
  }

  async #do(what: Operation): Promise<void> {
    const { api } = this.#cluster;
    const params = { path: { id: this.name }, query: { operation_id: randomUUID() } };
    const before = this.#declared ?? { version: 0, replicas: 0, status: "Running" as const };
    const replicas = this.#random.between(0, MOST_INSTANCES);
    const version = before.version + 1;
    const body = deploymentOf(this.name, { version: String(version), replicas, healthyWithin: "1h", maxParallel: 3 });
    if (what === "create") {
      await this.#acknowledge(() => answer(api.POST("/v1/deployments", { body, params: { query: params.query } })));
      this.#declared = { version, replicas, status: "Running" };
    } else if (what === "version") {
      await this.#acknowledge(() => answer(api.PUT("/v1/deployments/{id}", { body, params })));
      // What is declared anew runs, also when it was stopped.
      this.#declared = { version, replicas, status: "Running" };
    } else if (what === "scale") {
      await this.#acknowledge(() => answer(api.POST("/v1/deployments/{id}/scale", { body: { replicas }, params })));
      this.#declared = { ...before, replicas };
    } else if (what === "delete") {
      await this.#acknowledge(() => api.DELETE("/v1/deployments/{id}", { params }));
      this.#declared = undefined;
    } else {
      await this.#acknowledge(() => answer(api.POST(`/v1/deployments/{id}/${what}`, { params })));
      this.#declared = { ...before, status: what === "start" ? "Running" : "Stopped" };
    }
    this.acknowledged += 1;
  }

  /** What was acknowledged is there at once, whatever became of the controller since. */
  async #check(what: string): Promise<void> {
    const declared = this.#declared;
    const found = await until(`an answer about ${this.name}`, async () => ({ found: await this.#find() }), DEADLINE_MS);
    const status = found.found?.deployment.status;
    const [entry] = found.found?.deployment.entries ?? [];
    const told = found.found && { version: Number(entry?.appVersion), replicas: entry?.replicas, status };
    if (JSON.stringify(told) === JSON.stringify(declared)) return;
    this.faults.push(
      `${what} of ${this.name}: ${JSON.stringify(declared)} was acknowledged, ${JSON.stringify(told)} is told`,
    );
  }

  /** `undefined` when there is no such deployment. */
  async #find() {
    try {
      const found = await detailOf(this.#cluster.controller.client, this.name);
      return found;
    } catch (thrown) {
      if (thrown instanceof ProblemError && thrown.problem.status === 404) return undefined;
      throw thrown;
    }
  }

  /** Asks again, with the same idempotency key, while no controller answers. */
  async #acknowledge(call: () => Promise<unknown>): Promise<void> {
    const outcome = await until(
      `an acknowledgement for ${this.name}`,
      async () => {
        try {
          await call();
          return {};
        } catch (thrown) {
          // No controller, or one that died in the middle of its answer.
          if (!(thrown instanceof ProblemError) || thrown.problem.status >= 500) return undefined;
          return { refused: thrown };
        }
      },
      DEADLINE_MS,
    );
    if (outcome.refused) throw outcome.refused;
  }
}
