import type { PlacementSnapshot, SchedulerNode } from "@damson/plugin-sdk";
import { type InstanceResources, resourcesOf } from "../../assignments/resources.ts";
import type { Assignment } from "../../model/assignment.ts";
import type { Entry } from "../../model/deployment.ts";
import type { NodeRecord } from "../../model/node.ts";
import type { Objects } from "../../objects/objects.ts";

interface Use extends InstanceResources {
  readonly nodeId: string;
  readonly deploymentId: string;
}

/** What the instances on a node have asked for. What is going still takes its place until it is gone. */
class Account {
  cpu = 0;
  memory = 0;
  instances = 0;
  readonly ports = new Map<string, number>();
  readonly deployments = new Map<string, number>();
  /** As schedulers see it; made anew when it has changed. */
  seen: SchedulerNode | undefined;
  names: readonly string[] | undefined;

  add({ cpu = 0, memory = 0, ports, deploymentId }: Use, sign: 1 | -1): void {
    this.cpu += sign * cpu;
    this.memory += sign * memory;
    this.instances += sign;
    for (const port of ports) count(this.ports, port, sign);
    count(this.deployments, deploymentId, sign);
    this.seen = undefined;
    this.names = undefined;
  }
}

/** What is in use on each node, kept up to date with each change of an assignment, so that a placement need not count. */
export class NodeAccounts {
  readonly #objects: Objects;
  readonly #accounts = new Map<string, Account>();
  readonly #uses = new Map<string, Use>();

  /** Before the objects are followed. */
  constructor(objects: Objects) {
    this.#objects = objects;
    for (const { id, value } of objects.assignments.all()) this.#set(id, value);
    objects.assignments.onChange(({ id, now }) => this.#set(id, now?.value));
    objects.nodes.onChange(({ id }) => {
      const account = this.#accounts.get(id);
      if (account) account.seen = undefined;
    });
  }

  /** All nodes, as a scheduler sees them; or these alone. */
  snapshot(nodeIds?: readonly string[]): PlacementSnapshot {
    const nodes: SchedulerNode[] = [];
    const deploymentsOn: Record<string, readonly string[]> = {};
    for (const { value: node } of this.#nodes(nodeIds)) {
      const account = this.#of(node.nodeId);
      account.seen ??= schedulerNode(node, account);
      nodes.push(account.seen);
      if (account.deployments.size > 0) deploymentsOn[node.nodeId] = this.#namesOn(account);
    }
    return { nodes, deploymentsOn };
  }

  /** Counts an instance that is about to be made; returns how to end that. */
  reserve(nodeId: string, deploymentId: string, entry: Entry | undefined): () => void {
    const use = { ...(entry ? knownResourcesOf(entry) : { ports: [] }), nodeId, deploymentId };
    this.#of(nodeId).add(use, 1);
    return () => this.#of(nodeId).add(use, -1);
  }

  #nodes(nodeIds: readonly string[] | undefined) {
    if (nodeIds === undefined) return this.#objects.nodes.all();
    return nodeIds.flatMap((nodeId) => this.#objects.nodes.get(nodeId) ?? []);
  }

  #namesOn(account: Account): readonly string[] {
    account.names ??= [...account.deployments.keys()].flatMap(
      (id) => this.#objects.deployments.get(id)?.value.name ?? [],
    );
    return account.names;
  }

  #set(id: string, assignment: Assignment | undefined): void {
    const before = this.#uses.get(id);
    if (before) this.#of(before.nodeId).add(before, -1);
    if (before) this.#uses.delete(id);
    if (!assignment) return;
    const use = this.#useOf(assignment);
    this.#uses.set(id, use);
    this.#of(use.nodeId).add(use, 1);
  }

  #useOf({ nodeId, deploymentId, specVersion, entry: name }: Assignment): Use {
    const versions = this.#objects.deployments.get(deploymentId)?.value.versions;
    const entry = versions?.find(({ version }) => version === specVersion)?.entries.find((each) => each.name === name);
    return { ...(entry ? knownResourcesOf(entry) : { ports: [] }), nodeId, deploymentId };
  }

  #of(nodeId: string): Account {
    const account = this.#accounts.get(nodeId) ?? new Account();
    this.#accounts.set(nodeId, account);
    return account;
  }
}

function schedulerNode(node: NodeRecord, { cpu, memory, instances, ports }: Account): SchedulerNode {
  const usable = node.runtimes.filter((runtime) => runtime.usable);
  return {
    nodeId: node.nodeId,
    labels: node.labels,
    health: node.health,
    cordoned: node.cordoned || node.drain !== undefined,
    packageTypes: [...new Set(usable.flatMap(({ packageTypes }) => Object.keys(packageTypes)))],
    capacity: node.capacity,
    // Sums of fractions drift.
    used: { cpu: Math.round(cpu * 1e6) / 1e6, memory },
    ports: [...ports.keys()],
    instances,
  };
}

function count(counts: Map<string, number>, key: string, sign: 1 | -1): void {
  const next = (counts.get(key) ?? 0) + sign;
  if (next > 0) counts.set(key, next);
  else counts.delete(key);
}

/** An entry never changes; it is read once for all its instances. */
const known = new WeakMap<Entry, InstanceResources>();

/** What an instance of an entry asks for, as {@link resourcesOf} tells. */
export function knownResourcesOf(entry: Entry): InstanceResources {
  const resources = known.get(entry) ?? resourcesOf(entry);
  known.set(entry, resources);
  return resources;
}
