import { type AssignmentItem, answer } from "@damson/client";
import { makeNetwork, type Namespace, type Network } from "../support/namespaces.ts";
import { appProcesses, type RunProcess } from "../support/proc.ts";
import { startAgent, type TestAgent } from "../support/test-agent.ts";
import { startController, type TestController } from "../support/test-controller.ts";
import { until } from "../support/until.ts";

const TOKEN = "cluster-test-token-0123456789abcdef";
const AGENT_PORT = 8081;

/** A node of the cluster: an agent on a machine of its own. */
export interface ClusterNode {
  readonly nodeId: string;
  readonly agent: TestAgent;
  readonly machine: Namespace;
}

/** How {@link Cluster.start} starts one. */
export interface ClusterOptions {
  /** Seconds without a message until a node is Unknown; as many again, and it is Unhealthy. */
  readonly ttlSeconds: number;
  readonly nodes: number;
}

/** A controller, and agents in network namespaces of their own that reach it over a bridge. */
export class Cluster {
  readonly controller: TestController;
  readonly nodes: readonly ClusterNode[];
  readonly #network: Network;

  private constructor(controller: TestController, nodes: readonly ClusterNode[], network: Network) {
    this.controller = controller;
    this.nodes = nodes;
    this.#network = network;
  }

  static async start({ ttlSeconds, nodes: count }: ClusterOptions): Promise<Cluster> {
    const network = await makeNetwork(count);
    const cleanUp: (() => Promise<void>)[] = [() => network.remove()];
    try {
      const controller = await startController({
        host: network.bridge.address,
        token: TOKEN,
        environment: { HEARTBEAT_TTL_SEC: String(ttlSeconds) },
      });
      cleanUp.unshift(() => controller.cleanUp());
      const nodes: ClusterNode[] = [];
      for (const [index, machine] of network.namespaces.entries()) {
        const nodeId = `node${String.fromCharCode(65 + index)}`;
        const agent = await startAgent({
          host: machine.address,
          port: AGENT_PORT,
          before: machine.before,
          token: TOKEN,
          environment: {
            AGENT_NODE_ID: nodeId,
            AGENT_IP: machine.address,
            CONTROLLER_BASE: controller.url,
            DAMSON_CONTROLLER_TOKEN: TOKEN,
          },
        });
        cleanUp.unshift(() => agent.cleanUp());
        nodes.push({ nodeId, agent, machine });
      }
      const cluster = new Cluster(controller, nodes, network);
      await cluster.healthy();
      return cluster;
    } catch (thrown) {
      for (const undo of cleanUp) await undo().catch(() => undefined);
      throw thrown;
    }
  }

  get api(): TestController["client"]["api"] {
    return this.controller.client.api;
  }

  node(nodeId: string): ClusterNode {
    const found = this.nodes.find((node) => node.nodeId === nodeId);
    if (!found) throw new Error(`there is no node ${nodeId}`);
    return found;
  }

  /** Waits until every node is healthy, and has said that it can run processes. */
  async healthy(): Promise<void> {
    await until(
      "every node is healthy",
      async () => {
        const nodes = await answer(this.api.GET("/v1/nodes"));
        const fit = nodes.filter(
          ({ health, runtimes }) => health === "Healthy" && runtimes.some(({ usable }) => usable),
        );
        return fit.length === this.nodes.length;
      },
      60_000,
    );
  }

  async assignments(deployment: string): Promise<readonly AssignmentItem[]> {
    const { items } = await answer(
      this.api.GET("/v1/assignments", { params: { query: { deploymentId: deployment } } }),
    );
    return items.filter(({ removing }) => removing === undefined);
  }

  /** The apps that really run on a node: the kernel is asked, and neither agent nor controller. */
  running(node: ClusterNode): RunProcess[] {
    return appProcesses(node.agent.owner);
  }

  /** Ids of the instances of a deployment that really run, on whatever node. */
  runningOf(deploymentId: string): string[] {
    return this.nodes
      .flatMap((node) => this.running(node))
      .map(({ instance }) => instance)
      .filter((instance) => instance.startsWith(`${deploymentId}-`))
      .sort();
  }

  /** Prints what controller and agents wrote when the present test fails. Call it inside a test. */
  showOnFailure(): void {
    this.controller.showOnFailure();
    for (const { agent } of this.nodes) agent.showOnFailure();
  }

  async cleanUp(): Promise<void> {
    const faults: unknown[] = [];
    const attempt = (work: Promise<void>): Promise<void> => work.catch((thrown: unknown) => void faults.push(thrown));
    for (const { machine } of this.nodes) await attempt(machine.mend());
    // The agents first: they would hold their apps to be gone with the controller.
    await Promise.all(this.nodes.map(({ agent }) => attempt(agent.cleanUp())));
    await attempt(this.controller.cleanUp());
    await attempt(this.#network.remove());
    if (faults.length > 0) throw new AggregateError(faults, faults.map(String).join("\n"));
  }
}
