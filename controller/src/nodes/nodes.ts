import type { Registry } from "prom-client";
import type { Heartbeat, HeartbeatAnswer } from "../api/schema/nodes.ts";
import { BatchLoop } from "../changes/batch-loop.ts";
import type { NodeRecord } from "../model/node.ts";
import type { ControllerParts } from "../parts.ts";
import { GoneNodes } from "./gone-nodes.ts";
import { Leases } from "./leases.ts";
import { asHealthy, newNode, seconds, withFacts } from "./node-facts.ts";
import { HealthLoop } from "./node-health.ts";
import { NodeLists } from "./node-lists.ts";
import { type NodeMetrics, nodeMetrics } from "./node-metrics.ts";
import { NodeStreams } from "./node-streams.ts";
import { confirmRemovals, forgetNeverRun } from "./removals.ts";
import { checkSchemas, dropUnusedSchemas, keepSchemas, schemasWanted } from "./schemas.ts";
import { StoreAge } from "./store-age.ts";
import { isOther, nodeIdTaken, takeOver } from "./take-over.ts";

const RESTART_BATCH = 200;

/** Nodes: their registration, leases and health, and what each of them is to run. */
export class Nodes {
  readonly lists: NodeLists;
  readonly streams: NodeStreams;
  readonly #parts: ControllerParts;
  readonly #leases: Leases;
  readonly #health: HealthLoop;
  readonly #gone: GoneNodes;
  readonly #age: StoreAge;
  readonly #metrics: NodeMetrics;
  readonly #restarted: BatchLoop;
  /** Unix seconds, newer than those in the records. */
  readonly #lastSeen = new Map<string, number>();

  constructor(parts: ControllerParts) {
    const { objects, store, settings, log } = parts;
    this.#parts = parts;
    this.#leases = new Leases(store, objects, settings.heartbeatTtlMs);
    this.#health = new HealthLoop(parts);
    this.#gone = new GoneNodes(parts);
    this.#age = new StoreAge(parts);
    this.lists = new NodeLists(objects);
    this.streams = new NodeStreams(parts, this.lists);
    this.#metrics = nodeMetrics(objects, () => this.streams.count);
    this.#restarted = new BatchLoop({
      name: "Leases of nodes",
      size: RESTART_BATCH,
      log,
      work: (nodeIds) => Promise.all(nodeIds.map((nodeId) => this.#leaseAnew(nodeId))),
    });
    objects.nodes.onChange(({ id, now }) => {
      if (!now) this.#lastSeen.delete(id);
    });
  }

  /** What Prometheus is told. */
  get registry(): Registry {
    return this.#metrics.registry;
  }

  /** Begins its loops, once the objects are followed. */
  async start(): Promise<void> {
    for (const { id, value } of this.#parts.objects.nodes.all()) {
      if (value.health === "Healthy") this.#restarted.add(id);
    }
    this.#restarted.start();
    this.#health.start();
    this.#gone.start();
    await dropUnusedSchemas(this.#parts);
  }

  /** Ends its loops. */
  async close(): Promise<void> {
    await Promise.all([this.#restarted.close(), this.#health.close(), this.#gone.close()]);
  }

  /** Unix seconds of the last message of a node's agent. */
  lastSeenOf({ nodeId, lastSeen }: NodeRecord): number {
    return Math.max(this.#lastSeen.get(nodeId) ?? 0, lastSeen);
  }

  /**
   * What an agent tells of itself. The first heartbeat makes its node; each of them makes it Healthy.
   *
   * @throws DamsonError `NODE_ID_TAKEN` (409) while another agent has the node, `SCHEMA_REFUSED` (400)
   */
  async heartbeat(heartbeat: Heartbeat): Promise<HeartbeatAnswer> {
    const { nodeId, agent } = heartbeat;
    const { objects, controllerId, settings } = this.#parts;
    this.#metrics.heartbeats.inc();
    if (agent?.schemas) checkSchemas(agent.schemas);
    await this.#admit(heartbeat);
    await this.heard(nodeId, (node) => {
      if (isOther(node, heartbeat)) throw nodeIdTaken(this.#parts, nodeId);
      return withFacts(node, heartbeat, this.#parts.now());
    });
    if (agent?.schemas) await keepSchemas(this.#parts, nodeId, agent.schemas);
    if (agent?.seen) {
      this.#age.look(nodeId, agent.seen);
      await confirmRemovals(this.#parts, nodeId, agent.seen);
    }
    if (!agent) await forgetNeverRun(this.#parts, nodeId);
    const node = objects.nodes.get(nodeId)?.value;
    // An agent leaves out what it has told before, and its node may have been forgotten since.
    const isBare = agent !== undefined && agent.runtimes === undefined && node?.runtimes.length === 0;
    return {
      ttlSec: settings.heartbeatTtlMs / 1_000,
      controllerId,
      revision: this.lists.revisionOf(nodeId),
      schemasWanted: schemasWanted(this.#parts, node),
      ...(isBare && { factsWanted: true }),
    };
  }

  /**
   * A node's agent has been heard of: its lease begins anew, and it is Healthy. `learn` gives the node with what is new of
   * it, or the same object; what it throws comes through.
   */
  async heard(nodeId: string, learn: (node: NodeRecord) => NodeRecord): Promise<void> {
    const { objects, changes, now } = this.#parts;
    await this.#leases.ensure(nodeId, (lease) => this.#revive(nodeId, lease, learn));
    this.#lastSeen.set(nodeId, seconds(now()));
    const known = objects.nodes.get(nodeId)?.value;
    if (known && learn(known) === known) return;
    await changes.run((change) => {
      const node = change.get("nodes", nodeId)?.value ?? newNode(nodeId, now());
      const next = learn(node);
      if (next !== node) change.put("nodes", nodeId, next);
    });
  }

  /** Any other message of a node's agent: a node that is Healthy stays so. */
  async extend(nodeId: string): Promise<void> {
    if (await this.#leases.extend(nodeId)) this.#lastSeen.set(nodeId, seconds(this.#parts.now()));
  }

  /** Another agent gets the node when the one that had it is lost. */
  async #admit(heartbeat: Heartbeat): Promise<void> {
    const { nodeId } = heartbeat;
    const known = this.#parts.objects.nodes.get(nodeId)?.value;
    if (!known || !isOther(known, heartbeat)) return;
    await takeOver(this.#parts, nodeId);
  }

  async #revive(nodeId: string, lease: string, learn: (node: NodeRecord) => NodeRecord): Promise<void> {
    const { changes, now } = this.#parts;
    await changes.run((change) => {
      const known = change.get("nodes", nodeId)?.value;
      const told = learn(known ?? newNode(nodeId, now()));
      const node = told.health === "Healthy" ? told : asHealthy(told, now());
      change.put("nodeLeases", nodeId, {}, lease);
      if (node !== known) change.put("nodes", nodeId, node);
      if (!known) change.publish({ type: "node.registered", message: `${nodeId} is there`, nodeId });
      else if (node !== told) change.publish({ type: "node.healthy", message: `${nodeId} is Healthy again`, nodeId });
    });
  }

  /** A node that was Healthy has its whole time from the start of this controller, which heard nobody before. */
  async #leaseAnew(nodeId: string): Promise<void> {
    const { changes } = this.#parts;
    await this.#leases.ensure(nodeId, (lease) =>
      changes.run((change) => {
        if (change.get("nodes", nodeId)?.value.health === "Healthy") change.put("nodeLeases", nodeId, {}, lease);
      }),
    );
  }
}
