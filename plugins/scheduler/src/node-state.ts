import type { SchedulerNode } from "@damson/plugin-sdk";
import { type Amounts, amountsOf } from "./amounts.ts";
import type { Demand } from "./demand.ts";
import { hashOf, mixed } from "./hash.ts";

/** A node in the course of one call: as in the snapshot, with what the requests before took. */
export class NodeState {
  readonly node: SchedulerNode;
  readonly #hash: number;
  readonly capacity: Amounts;
  cpuUsed: number;
  memoryUsed: number;
  /** Mean share of its limited resources that is in use, 0 to 1; 0 when nothing is limited. */
  load: number;
  instances: number;
  readonly ports: Set<string>;
  readonly deployments: Set<string>;
  /** What it lacked, in words, when a demand for so much was refused; until it takes an instance. */
  lack: { readonly cpu: number; readonly memory: number; readonly words: string } | undefined;
  /** How many more instances it can take of the demand that is being placed. */
  room = 0;
  /** How it stands in that demand; higher is better. */
  score = 0;
  /** Its place among equals there: another one for each entry, lest the same node always came first. */
  lot = 0;

  constructor(node: SchedulerNode, deployments: readonly string[]) {
    const { cpu, memory } = amountsOf(node.used, 0);
    this.node = node;
    this.#hash = hashOf(node.nodeId);
    this.capacity = amountsOf(node.capacity, Number.POSITIVE_INFINITY);
    this.cpuUsed = cpu;
    this.memoryUsed = memory;
    this.load = loadOf(this);
    this.instances = node.instances;
    this.ports = new Set(node.ports);
    this.deployments = new Set(deployments);
  }

  /** Enters for a demand. */
  enter(demand: Demand, room: number): void {
    this.room = room;
    this.lot = mixed(this.#hash, demand.hash);
  }

  /** Puts one instance of the demand here. */
  take(demand: Demand): void {
    this.cpuUsed += demand.cpu;
    this.memoryUsed += demand.memory;
    this.load = loadOf(this);
    this.instances += 1;
    this.room -= 1;
    this.lack = undefined;
    for (const port of demand.request.ports) this.ports.add(port);
    this.deployments.add(demand.request.deployment);
    demand.tookOn(this.node.nodeId);
  }
}

function loadOf({ capacity: { cpu, memory }, cpuUsed, memoryUsed }: NodeState): number {
  if (cpu === Number.POSITIVE_INFINITY) return share(memoryUsed, memory);
  if (memory === Number.POSITIVE_INFINITY) return share(cpuUsed, cpu);
  return (share(cpuUsed, cpu) + share(memoryUsed, memory)) / 2;
}

function share(used: number, capacity: number): number {
  return used >= capacity ? 1 : used / capacity;
}
