import { type AgentClient, answer } from "@damson/client";
import { DamsonError, type JsonObject } from "@damson/plugin-sdk";
import type { NodeRuntime } from "../model/node.ts";
import { isPlaced } from "../services/assigned.ts";
import type { CalledAgent, SeenInstance } from "./called-agent.ts";

/** What Boreas's agents run; none of them has a schema that it tells of. */
const RUNTIMES: NodeRuntime[] = ["docker", "binary", "script"].map((type) => ({
  name: `boreas-${type}`,
  usable: true,
  packageTypes: { [type]: "0".repeat(64) },
}));

/**
 * An agent of Boreas. It knows neither assignments nor how to forget an app: what is to end is applied with no replicas, and
 * an app without running ones counts as gone.
 */
export class BoreasAgent implements CalledAgent {
  readonly #client: AgentClient;
  readonly #documentOf: (instanceId: string) => JsonObject | undefined;

  /** @param documentOf gives the apply document of an instance */
  constructor(client: AgentClient, documentOf: (instanceId: string) => JsonObject | undefined) {
    this.#client = client;
    this.#documentOf = documentOf;
  }

  async runtimes(): Promise<NodeRuntime[]> {
    return RUNTIMES;
  }

  async instances(signal: AbortSignal): Promise<SeenInstance[]> {
    const { apps } = unwrapped(await answer(this.#client.api.GET("/v1/status", { signal })));
    if (!Array.isArray(apps)) throw notBoreas("its status holds no apps");
    return apps.flatMap((app) => seenInstance(Object(app)));
  }

  async apply(document: JsonObject, signal: AbortSignal): Promise<void> {
    const { app, version, pkg, package: sent = pkg } = document;
    await this.#send({ app, version, pkg: sent, package: sent }, signal);
  }

  stop(instanceId: string, signal: AbortSignal): Promise<void> {
    return this.remove(instanceId, signal);
  }

  async remove(instanceId: string, signal: AbortSignal): Promise<void> {
    const document = this.#documentOf(instanceId);
    if (!document) return;
    const { app, version, pkg, package: sent = pkg } = document;
    const none = { ...Object(sent), replicas: 0 };
    await this.#send({ app, version, pkg: none, package: none }, signal);
  }

  async #send(body: object, signal: AbortSignal): Promise<void> {
    // Its schema is another one than that of Damson's agents.
    const { data } = await this.#client.api.POST("/v1/apply", { body: body as never, signal });
    const { success, message } = unwrapped(data);
    if (success === false)
      throw new DamsonError("AGENT_REFUSED", `The agent refused it: ${String(message)}`, { status: 422 });
  }
}

/** Newer ones put their answers into an envelope. */
export function unwrapped(body: unknown): Record<string, unknown> {
  const { code, data } = Object(body);
  return Object(typeof code === "number" && data !== undefined ? data : body);
}

function seenInstance({ app, version, status, healthy }: Record<string, unknown>): SeenInstance[] {
  if (typeof app !== "string" || !isPlaced(app) || status === "stopped") return [];
  const { level, msg } = Object(healthy);
  const phase = status === "running" ? "Running" : status === "error" ? "Failed" : "Pending";
  return [
    {
      instanceId: app,
      version: String(version),
      desired: "running",
      report: {
        instanceId: app,
        phase,
        healthy: phase === "Running" && level === 100,
        ...(typeof msg === "string" && msg !== "" && phase !== "Running" && { reason: msg.slice(0, 4_096) }),
      },
    },
  ];
}

function notBoreas(reason: string): DamsonError {
  return new DamsonError("AGENT_UNKNOWN", `What answers is no agent that can be called: ${reason}`, {
    status: 502,
    remedy: "Register the URL of a Damson agent or of a Boreas agent.",
  });
}

/** @throws DamsonError `AGENT_UNKNOWN` (502) when it is none */
export function checkBoreas(health: Record<string, unknown>): void {
  if (typeof health.status !== "string") throw notBoreas("it does not say how it is");
}
