import {
  type AgentClient,
  type ApplyRequest,
  type AppStatus,
  answer,
  type InstanceStatus,
  ProblemError,
} from "@damson/client";
import type { JsonObject } from "@damson/plugin-sdk";
import type { NodeRuntime } from "../model/node.ts";
import type { Report } from "../statuses/statuses.ts";
import type { CalledAgent, SeenInstance } from "./called-agent.ts";

const MAX_REASON = 4_096;
/** Shorter than a lease: nothing else is asked of the agent meanwhile. */
const REMOVE_WITHIN = "8s";
/** Agents that are called do not tell of their schemas. No schema has this SHA-256. */
const UNKNOWN_SCHEMA = "0".repeat(64);

/** An agent of Damson. */
export class DamsonAgent implements CalledAgent {
  readonly #client: AgentClient;
  /** Exit codes of instances that have ended, which their status does not hold, with the status that they belong to. */
  readonly #exitCodes = new Map<string, { readonly updated: string; readonly code: number | undefined }>();

  constructor(client: AgentClient) {
    this.#client = client;
  }

  async runtimes(signal: AbortSignal): Promise<NodeRuntime[]> {
    const { runtimes } = await answer(this.#client.api.GET("/v1/plugins", { signal }));
    return runtimes.map(({ name, version, usable, reason, package_types }) => ({
      name,
      usable,
      ...(version !== undefined && { version: version.slice(0, 256) }),
      ...(reason !== undefined && { reason: reason.slice(0, MAX_REASON) }),
      packageTypes: Object.fromEntries(package_types.map((type) => [type, UNKNOWN_SCHEMA])),
    }));
  }

  async instances(signal: AbortSignal): Promise<SeenInstance[]> {
    const { apps } = await answer(this.#client.api.GET("/v1/status", { signal }));
    const assigned = apps.filter(({ assignment }) => assignment !== undefined);
    const names = new Set(assigned.map(({ app }) => app));
    for (const name of this.#exitCodes.keys()) if (!names.has(name)) this.#exitCodes.delete(name);
    const seen: SeenInstance[] = [];
    for (const app of assigned) seen.push(seenInstance(app, await this.#exitCodeOf(app, signal)));
    return seen;
  }

  async apply(document: JsonObject, signal: AbortSignal): Promise<void> {
    // The agent checks it, and says what is wrong.
    const body = document as unknown as ApplyRequest;
    await this.#client.api.POST("/v1/apply", { body, signal });
  }

  async stop(instanceId: string, signal: AbortSignal): Promise<void> {
    const params = { path: { app: instanceId }, query: { assignment: instanceId } };
    await this.#client.api.POST("/v1/apps/{app}/stop", { params, signal });
  }

  async remove(instanceId: string, signal: AbortSignal): Promise<void> {
    const query = { assignment: instanceId, wait: true, timeout: REMOVE_WITHIN };
    try {
      await this.#client.api.DELETE("/v1/apps/{app}", { params: { path: { app: instanceId }, query }, signal });
    } catch (thrown) {
      // It is on its way, or has gone meanwhile.
      if (thrown instanceof ProblemError && ["WAIT_TIMEOUT", "APP_NOT_FOUND"].includes(thrown.problem.code)) return;
      throw thrown;
    }
  }

  async #exitCodeOf({ app, phase, updated }: AppStatus, signal: AbortSignal): Promise<number | undefined> {
    if (!hasEnded(phase)) return undefined;
    const known = this.#exitCodes.get(app);
    if (known?.updated === updated) return known.code;
    const { exits } = await answer(this.#client.api.GET("/v1/apps/{app}/exits", { params: { path: { app } }, signal }));
    const last = exits.at(-1);
    const code =
      last?.reason === "stop_requested" || last?.reason === "start_failed" ? undefined : (last?.code ?? undefined);
    this.#exitCodes.set(app, { updated, code });
    return code;
  }
}

function hasEnded(phase: AppStatus["phase"]): boolean {
  return phase === "exited" || phase === "backoff" || phase === "failed";
}

function seenInstance(app: AppStatus, exitCode: number | undefined): SeenInstance {
  const { assignment } = app;
  const [instance] = app.instances;
  const isUpdated = app.update?.state !== "in_progress";
  return {
    instanceId: app.app,
    controllerId: assignment?.controller_id,
    specVersion: assignment?.spec_version,
    version: app.version,
    desired: app.desired,
    // While the old version still runs, nothing is told of the new one.
    report: reportOf(app, instance, exitCode, isUpdated ? assignment?.spec_version : undefined),
  };
}

function reportOf(
  { app, phase, reason, restarts, crash_looping, updated }: AppStatus,
  instance: InstanceStatus | undefined,
  exitCode: number | undefined,
  specVersion: number | undefined,
): Report {
  const isHealthy = instance?.health.level === 100 && (phase === "running" || phase === "exited");
  // How far a download has come would be a new report with each step.
  const text = phase === "preparing" ? undefined : reason?.slice(0, MAX_REASON);
  return {
    instanceId: app,
    phase: wordFor(phase, exitCode),
    healthy: isHealthy,
    ...(exitCode !== undefined && { exitCode }),
    tsUnix: Math.floor(Date.parse(updated) / 1_000) || 0,
    detail: phase,
    ...(text !== undefined && { reason: text }),
    restarts,
    crashLooping: crash_looping,
    ...(specVersion !== undefined && { specVersion }),
  };
}

function wordFor(phase: AppStatus["phase"], exitCode: number | undefined): Report["phase"] {
  if (phase === "running" || phase === "unhealthy" || phase === "stopping") return "Running";
  if (phase === "stopped") return "Stopped";
  if (hasEnded(phase)) return exitCode === 0 ? "Exited" : "Failed";
  return "Pending";
}
