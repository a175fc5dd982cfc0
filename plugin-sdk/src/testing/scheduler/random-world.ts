import type { SchedulerNode } from "../../scheduler/node.ts";
import type { PlacementRequest, PlacementSnapshot } from "../../scheduler/scheduler.ts";
import { node, request, snapshot } from "./samples.ts";

const DEPLOYMENTS = ["shop", "blog", "search"] as const;
const ZONES = ["a", "b", "c"] as const;
const PORTS = ["80/tcp", "443/tcp", "53/udp"] as const;
const TYPES = ["sample", "other"] as const;

/** A snapshot and requests that a number decides, so that a failure can be repeated. */
export function randomWorld(seed: number): { world: PlacementSnapshot; requests: PlacementRequest[] } {
  const random = new Random(seed);
  const nodes = Array.from({ length: random.upTo(8) }, (_, index) => randomNode(`n${index}`, random));
  const deploymentsOn = Object.fromEntries(nodes.map(({ nodeId }) => [nodeId, random.some(DEPLOYMENTS, 0.15)]));
  const requests = Array.from({ length: 1 + random.upTo(4) }, () => randomRequest(nodes, random));
  return { world: snapshot(nodes, deploymentsOn), requests };
}

function randomNode(nodeId: string, random: Random): SchedulerNode {
  return node(nodeId, {
    labels: random.chance(0.7) ? { zone: random.of(ZONES) } : {},
    health: random.chance(0.85) ? "Healthy" : random.of(["Unknown", "Unhealthy"]),
    cordoned: random.chance(0.1),
    packageTypes: random.chance(0.85) ? TYPES : ["other"],
    capacity: {
      ...(random.chance(0.8) && { cpu: random.upTo(16) / 4 }),
      ...(random.chance(0.8) && { memory: random.upTo(4_096) }),
    },
    used: { cpu: random.upTo(8) / 4, memory: random.upTo(2_048) },
    ports: random.some(PORTS, 0.15),
    instances: random.upTo(5),
  });
}

function randomRequest(nodes: readonly SchedulerNode[], random: Random): PlacementRequest {
  const ids = nodes.map(({ nodeId }) => nodeId);
  const limits = {
    ...(random.chance(0.2) && { deployments: random.some(DEPLOYMENTS, 0.4) }),
    ...(random.chance(0.3) && { max_per_node: 1 + random.upTo(3) }),
    ...(random.chance(0.3) && { spread_by: "zone" }),
  };
  return request(random.upTo(20), {
    deployment: random.of(DEPLOYMENTS),
    entry: random.of(["api", "worker"]),
    packageType: random.of(TYPES),
    resources: {
      ...(random.chance(0.7) && { cpu: random.upTo(4) / 4 }),
      ...(random.chance(0.7) && { memory: random.upTo(512) }),
    },
    ports: random.some(PORTS, 0.1),
    placement: {
      ...(random.chance(0.7) && { strategy: random.of(["spread", "binpack"]) }),
      ...(random.chance(0.3) && {
        constraints: [
          { label: "zone", operator: random.of(["in", "not_in", "exists", "not_exists"]), values: [random.of(ZONES)] },
        ],
      }),
      ...(random.chance(0.3) && {
        affinity: [{ label: "zone", values: [random.of(ZONES)], weight: random.upTo(200) - 100 }],
      }),
      anti_affinity: limits,
    },
    placed: Object.fromEntries(random.some(ids, 0.3).map((id) => [id, 1 + random.upTo(3)])),
    ...(random.chance(0.3) && { avoid: Object.fromEntries(random.some(ids, 0.3).map((id) => [id, "is being left"])) }),
  });
}

/** Mulberry32: what it gives is decided by the seed. */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 to `most`. */
  upTo(most: number): number {
    return Math.floor(this.next() * (most + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  of<T>(values: readonly [T, ...T[]]): T {
    return values[this.upTo(values.length - 1)] ?? values[0];
  }

  /** Each of them with this probability. */
  some<T>(values: readonly T[], probability: number): T[] {
    return values.filter(() => this.chance(probability));
  }
}
