import { isDeepStrictEqual } from "node:util";
import { DamsonError } from "@damson/plugin-sdk";
import type { RegisterRequest, ServiceHeartbeat } from "../api/schema/services.ts";
import { BatchLoop } from "../changes/batch-loop.ts";
import type { EndpointsRecord, ServiceEndpoint } from "../model/endpoints.ts";
import type { ControllerParts } from "../parts.ts";
import { isPlaced, mayServe, notAssigned } from "./assigned.ts";
import { ServiceIndex } from "./service-index.ts";

/** A commit takes 128 conditions, and each instance needs three. */
const BATCH = 40;

/** Where services answer, as those who offer them say. */
export class Services {
  readonly index: ServiceIndex;
  readonly #parts: ControllerParts;
  readonly #withdrawn: BatchLoop;
  /** Unix seconds; what an earlier controller heard is forgotten. */
  readonly #lastSeen = new Map<string, number>();
  readonly #loaded: number;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    this.#loaded = this.#seconds();
    const { objects, log } = parts;
    this.index = new ServiceIndex(objects.endpoints);
    this.#withdrawn = new BatchLoop({
      name: "Endpoints that go",
      size: BATCH,
      log,
      work: (instanceIds) => this.#withdraw(instanceIds),
    });
    for (const { id } of objects.endpoints.all()) this.#review(id);
    objects.assignments.onChange(({ id }) => this.#review(id));
    objects.deployments.onChange(({ id, before, now }) => {
      if (before?.value.status === now?.value.status) return;
      for (const assignment of objects.assignmentsByDeployment.of(id)) this.#review(assignment.id);
    });
    objects.endpoints.onChange(({ id, now }) => {
      if (!now) this.#lastSeen.delete(id);
    });
  }

  async start(): Promise<void> {
    this.#withdrawn.start();
  }

  async close(): Promise<void> {
    await this.#withdrawn.close();
  }

  /** Unix seconds of the last word of an instance; of the start of this controller when that was before. */
  lastSeenOf(instanceId: string): number {
    return this.#lastSeen.get(instanceId) ?? this.#loaded;
  }

  /**
   * Where an instance answers from now on, in place of what it said before. An instance of a deployment can register only
   * where and while it is to run, so a copy on a node that was given up never stands beside its replacement.
   *
   * @throws DamsonError `INSTANCE_NOT_ASSIGNED` (409)
   */
  async register({ instanceId, nodeId, ip, endpoints }: RegisterRequest): Promise<void> {
    await this.#parts.changes.run((change) => {
      if (isPlaced(instanceId)) {
        const assignment = change.get("assignments", instanceId)?.value;
        const deployment = assignment && change.get("deployments", assignment.deploymentId)?.value;
        if (assignment?.nodeId !== nodeId || !mayServe(assignment, deployment)) {
          throw notAssigned(instanceId, nodeId, assignment);
        }
      }
      const known = change.get("endpoints", instanceId)?.value;
      const next: EndpointsRecord = { instanceId, nodeId, ip, endpoints: endpoints.map(withDefaults) };
      if (endpoints.length > 0 && !isDeepStrictEqual(known, next)) change.put("endpoints", instanceId, next);
      if (endpoints.length === 0 && known) change.delete("endpoints", instanceId);
    });
    if (endpoints.length > 0) this.#lastSeen.set(instanceId, this.#seconds());
  }

  /**
   * An instance still answers; `health` says which of its endpoints are healthy and which are not.
   *
   * @throws DamsonError `SERVICE_NOT_REGISTERED` (404)
   */
  async heartbeat({ instanceId, health = [] }: ServiceHeartbeat): Promise<void> {
    await this.#parts.changes.run((change) => {
      const known = change.get("endpoints", instanceId)?.value;
      if (!known) throw notRegistered(instanceId);
      const endpoints = known.endpoints.map((endpoint) => withHealth(endpoint, known.ip, health));
      if (!isDeepStrictEqual(endpoints, known.endpoints)) change.put("endpoints", instanceId, { ...known, endpoints });
    });
    this.#lastSeen.set(instanceId, this.#seconds());
  }

  /** An instance does not answer any more. */
  async deregister(instanceId: string): Promise<void> {
    await this.#parts.changes.run((change) => {
      if (change.get("endpoints", instanceId)) change.delete("endpoints", instanceId);
    });
  }

  #review(instanceId: string): void {
    const { endpoints, assignments, deployments } = this.#parts.objects;
    if (!isPlaced(instanceId) || !endpoints.get(instanceId)) return;
    const assignment = assignments.get(instanceId)?.value;
    const deployment = assignment && deployments.get(assignment.deploymentId)?.value;
    if (!mayServe(assignment, deployment)) this.#withdrawn.add(instanceId);
  }

  #withdraw(instanceIds: readonly string[]): Promise<unknown> {
    return this.#parts.changes.run((change) => {
      for (const id of instanceIds) {
        const assignment = change.get("assignments", id)?.value;
        const deployment = assignment && change.get("deployments", assignment.deploymentId)?.value;
        if (!mayServe(assignment, deployment) && change.get("endpoints", id)) change.delete("endpoints", id);
      }
    });
  }

  #seconds(): number {
    return Math.floor(this.#parts.now().getTime() / 1_000);
  }
}

function withDefaults(endpoint: RegisterRequest["endpoints"][number]): ServiceEndpoint {
  return { protocol: "http", version: "", labels: {}, ...endpoint, healthy: true };
}

function withHealth(
  endpoint: ServiceEndpoint,
  ip: string,
  health: NonNullable<ServiceHeartbeat["health"]>,
): ServiceEndpoint {
  const said = health.findLast(
    (one) =>
      one.serviceName === endpoint.serviceName &&
      (one.port ?? endpoint.port) === endpoint.port &&
      (one.protocol ?? endpoint.protocol) === endpoint.protocol &&
      (one.ip ?? ip) === ip,
  );
  return said ? { ...endpoint, healthy: said.healthy } : endpoint;
}

function notRegistered(instanceId: string): DamsonError {
  return new DamsonError("SERVICE_NOT_REGISTERED", `"${instanceId}" has registered no services`, {
    status: 404,
    remedy: "Register them with POST /v1/services/register.",
  });
}
