import { answer } from "@damson/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Cluster } from "./cluster/cluster.ts";
import { deploymentOf, detailOf, settled } from "./cluster/deployments.ts";
import { Sampler } from "./cluster/sampler.ts";
import { canMakeNamespaces } from "./support/namespaces.ts";
import { requireOrSkip } from "./support/require-or-skip.ts";
import { until } from "./support/until.ts";

const TTL_SECONDS = 5;
const describeCluster = requireOrSkip("root and ip netns", await canMakeNamespaces());

describeCluster("three agents in network namespaces of their own", () => {
  let cluster: Cluster;
  let id: string;

  beforeAll(async () => {
    cluster = await Cluster.start({ ttlSeconds: TTL_SECONDS, nodes: 3 });
  }, 120_000);
  afterAll(() => cluster?.cleanUp(), 120_000);

  const put = (body: ReturnType<typeof deploymentOf>) =>
    answer(cluster.api.PUT("/v1/deployments/{id}", { params: { path: { id } }, body }));
  const scale = (replicas: number) =>
    answer(cluster.api.POST("/v1/deployments/{id}/scale", { params: { path: { id } }, body: { replicas } }));
  const versions = () => cluster.nodes.flatMap((node) => cluster.running(node)).map(({ command }) => command);

  test("a deployment is spread over them and runs", async () => {
    const made = await answer(
      cluster.api.POST("/v1/deployments", { body: deploymentOf("web", { version: "1", replicas: 3 }) }),
    );
    id = made.deploymentId;
    expect(made.instances).toHaveLength(3);
    const { assignments } = await settled(cluster.controller.client, id);
    expect(assignments.map(({ nodeId }) => nodeId).sort()).toEqual(["nodeA", "nodeB", "nodeC"]);
    expect(cluster.runningOf(id)).toEqual([...made.instances].sort());
    expect(versions()).toHaveLength(3);
  });

  test("it grows to 30 and shrinks to 5", async () => {
    await scale(30);
    const { assignments } = await settled(cluster.controller.client, id);
    const perNode = cluster.nodes.map(({ nodeId }) => assignments.filter((item) => item.nodeId === nodeId).length);
    expect(perNode).toEqual([10, 10, 10]);
    expect(cluster.runningOf(id)).toHaveLength(30);
    await scale(5);
    await settled(cluster.controller.client, id);
    await until("25 are gone", () => cluster.runningOf(id).length === 5);
    const left = await cluster.assignments(id);
    expect(cluster.runningOf(id)).toEqual(left.map(({ instanceId }) => instanceId).sort());
  });

  test("a new version is rolled out, and rolled back", async () => {
    await put(deploymentOf("web", { version: "2" }));
    const rolled = await settled(cluster.controller.client, id);
    expect(rolled.deployment.rollout).toMatchObject({ state: "done", from: 1, to: 2 });
    expect(rolled.assignments.map(({ appVersion }) => appVersion)).toEqual(Array(5).fill("2"));
    await answer(cluster.api.POST("/v1/deployments/{id}/rollback", { params: { path: { id } }, body: {} }));
    const back = await settled(cluster.controller.client, id);
    expect(back.assignments.map(({ appVersion }) => appVersion)).toEqual(Array(5).fill("1"));
    expect(cluster.runningOf(id)).toHaveLength(5);
  });

  test("a version that does not run is taken back by itself", async () => {
    await put(deploymentOf("web", { version: "3", command: ["/bin/false"], healthyWithin: "20s" }));
    const back = await settled(cluster.controller.client, id, 90_000);
    expect(back.deployment.rollout).toMatchObject({ state: "rolled_back" });
    expect(back.deployment.rollout.reason).toContain(`${id}-`);
    expect(back.assignments.map(({ appVersion }) => appVersion)).toEqual(Array(5).fill("1"));
  });

  test("the instances of a node that is cut off go on, are placed anew, and are stopped first when it returns", async () => {
    const lost = cluster.node("nodeA");
    const before = await settled(cluster.controller.client, id);
    const own = before.assignments.filter(({ nodeId }) => nodeId === "nodeA").map(({ instanceId }) => instanceId);
    expect(own.length).toBeGreaterThan(0);
    const sampler = new Sampler(cluster, id, "web", { most: 5 });
    await lost.machine.cut();
    await until("the node is lost", async () => {
      const node = await answer(cluster.api.GET("/v1/nodes/{nodeId}", { params: { path: { nodeId: "nodeA" } } }));
      return node.health === "Unhealthy";
    });
    const moved = await settled(cluster.controller.client, id);
    expect(
      moved.assignments.filter(({ removing }) => removing === undefined).map(({ nodeId }) => nodeId),
    ).not.toContain("nodeA");
    // Nobody told it to stop.
    expect(
      cluster
        .running(lost)
        .map(({ instance }) => instance)
        .sort(),
    ).toEqual(own.sort());
    await lost.machine.mend();
    await until(
      "its copies are gone",
      () => cluster.running(lost).every(({ instance }) => !own.includes(instance)),
      60_000,
    );
    await cluster.healthy();
    await settled(cluster.controller.client, id);
    expect(cluster.runningOf(id)).toHaveLength(5);
    expect(await sampler.end()).toEqual([]);
  });

  test("nothing moves when most nodes vanish at once, and it is said", async () => {
    await settled(cluster.controller.client, id);
    const before = (await cluster.assignments(id)).map(({ instanceId }) => instanceId).sort();
    const [first, second] = cluster.nodes;
    await Promise.all([first?.machine.cut(), second?.machine.cut()]);
    await until("failover is suspended", async () => {
      const { failover } = await answer(cluster.api.GET("/v1/health"));
      return failover.suspended;
    });
    await Promise.all([first?.machine.mend(), second?.machine.mend()]);
    await cluster.healthy();
    const { assignments } = await settled(cluster.controller.client, id);
    expect(assignments.map(({ instanceId }) => instanceId).sort()).toEqual(before);
    expect(cluster.runningOf(id)).toEqual(before);
    const { failover } = await answer(cluster.api.GET("/v1/health"));
    expect(failover.suspended).toBe(false);
  });

  test("a node that is drained loses its instances one by one, none before its replacement is healthy", async () => {
    await scale(6);
    await settled(cluster.controller.client, id);
    const params = { path: { nodeId: "nodeB" } };
    const sampler = new Sampler(cluster, id, "web", { least: 6 });
    await answer(cluster.api.POST("/v1/nodes/{nodeId}/drain", { params, body: {} }));
    await until(
      "the node is empty",
      async () =>
        cluster.running(cluster.node("nodeB")).length === 0 &&
        (await detailOf(cluster.controller.client, id)).deployment.healthy === 6,
      60_000,
    );
    expect(await sampler.end()).toEqual([]);
    await answer(cluster.api.POST("/v1/nodes/{nodeId}/uncordon", { params }));
  });

  test("what is deleted leaves nothing behind", async () => {
    await answer(
      cluster.api.DELETE("/v1/deployments/{id}", { params: { path: { id } } }).then((done) => ({ ...done, data: {} })),
    );
    await until("all are gone", () => cluster.runningOf(id).length === 0);
    await until("no agent knows of them", async () => {
      const lists = await Promise.all(cluster.nodes.map(({ agent }) => agent.status()));
      return lists.every(({ apps }) => apps.length === 0);
    });
    expect(await answer(cluster.api.GET("/v1/deployments"))).toEqual([]);
  });
});
