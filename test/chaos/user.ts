import { type AgentClient, type ApplyAnswer, answer, ProblemError } from "@damson/client";
import type { Random } from "../support/random.ts";
import { until } from "../support/until.ts";
import { type ChaosApp, specOf } from "./app.ts";

/** As long as the whole test may last: on a busy machine one agent after the other dies before it can answer. */
const DEADLINE_MS = 600_000;

type Operation = "apply" | "restart" | "stop" | "start" | "delete";

/** Someone who changes one app, again until the agent says that it is done, and who knows what was said. */
export class User {
  readonly app: ChaosApp;
  readonly faults: string[] = [];
  /** What the agent has acknowledged. */
  declared: "running" | "stopped" | "deleted" = "deleted";
  version = "0";
  readonly #client: AgentClient;
  readonly #random: Random;

  constructor(app: ChaosApp, client: AgentClient, random: Random) {
    this.app = app;
    this.#client = client;
    this.#random = random;
  }

  /** Changes the app in some way that makes sense now, and then asks whether it is so. */
  async act(): Promise<void> {
    const operation = this.#choose();
    try {
      await this.#do(operation);
      await this.#check();
    } catch (thrown) {
      this.faults.push(`${operation} of ${this.app.name}: ${thrown}`);
    }
  }

  #choose(): Operation {
    if (this.declared === "deleted") return "apply";
    if (this.declared === "stopped") return this.#random.of(["start", "apply"]);
    const { kind } = this.app;
    if (kind === "passing") return this.#random.of(["delete", "apply"]);
    // Of a finisher each version runs once: that can be counted.
    if (kind === "finisher" || kind === "rolling") return "apply";
    return this.#random.of(["apply", "apply", "apply", "restart", "stop"]);
  }

  async #do(operation: Operation): Promise<void> {
    const { api } = this.#client;
    const { name } = this.app;
    const params = { path: { app: name } };
    if (operation === "apply") {
      const version = `${Number(this.version) + 1}`;
      const body = specOf(this.app, version, this.#random);
      await this.#acknowledged("apply", () => answer(api.POST("/v1/apply", { body })));
      this.version = version;
      this.declared = "running";
    } else if (operation === "delete") {
      await this.#acknowledged("delete", () => answer(api.DELETE("/v1/apps/{app}", { params })));
      this.declared = "deleted";
    } else {
      await this.#acknowledged(operation, () => answer(api.POST(`/v1/apps/{app}/${operation}`, { params })));
      this.declared = operation === "stop" ? "stopped" : "running";
    }
  }

  /** Asks until an agent answers: what was acknowledged must hold, whatever became of the agent since. */
  async #check(): Promise<void> {
    const params = { path: { app: this.app.name } };
    const told = await this.#asked("status", async () => {
      const { version, desired } = await answer(this.#client.api.GET("/v1/status/{app}", { params }));
      return { version, declared: desired };
    });
    const { version, declared } = told ?? { version: this.version, declared: "deleted" };
    if (version === this.version && declared === this.declared) return;
    this.faults.push(
      `${this.app.name}: version ${this.version} ${this.declared} was acknowledged, but the agent tells of version ${version} ${declared}`,
    );
  }

  async #acknowledged(what: string, call: () => Promise<ApplyAnswer>): Promise<void> {
    await this.#asked(what, call);
  }

  /** Asks again while no agent answers. `undefined` when there is no such app. */
  async #asked<T>(what: string, call: () => Promise<T>): Promise<T | undefined> {
    const outcome = await until(
      `an answer to ${what} of ${this.app.name}`,
      async () => {
        try {
          return { value: await call() };
        } catch (thrown) {
          // No agent, or one that died in the middle of its answer.
          if (!(thrown instanceof ProblemError)) return undefined;
          if (thrown.problem.code === "APP_NOT_FOUND" && this.app.kind === "passing") return { value: undefined };
          return { refused: thrown };
        }
      },
      DEADLINE_MS,
    );
    if ("refused" in outcome) throw outcome.refused;
    return outcome.value;
  }
}
