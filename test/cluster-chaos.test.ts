import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { Cluster } from "./cluster/cluster.ts";
import { ClusterUser } from "./cluster/user.ts";
import { canMakeNamespaces } from "./support/namespaces.ts";
import { Random } from "./support/random.ts";
import { requireOrSkip } from "./support/require-or-skip.ts";
import { until } from "./support/until.ts";

const RAGE_MS = 180_000;
const QUIET_MS = 15_000;
const USERS = 6;

const seed = Number(process.env.DAMSON_CHAOS_SEED ?? Date.now() % 1_000_000);
const describeCluster = requireOrSkip("root and ip netns", await canMakeNamespaces());

describeCluster("kill -9 of controller and agents", () => {
  test(`for 3 minutes loses no acknowledged change (DAMSON_CHAOS_SEED=${seed})`, { timeout: 480_000 }, async () => {
    const random = new Random(seed);
    const cluster = await Cluster.start({ ttlSeconds: 3, nodes: 3 });
    onTestFinished(() => cluster.cleanUp(), 120_000);
    cluster.showOnFailure();
    const users = Array.from({ length: USERS }, (_, index) => new ClusterUser(`app-${index + 1}`, cluster, random));
    const calm = new AbortController();
    const acting = users.map((user) => user.act(calm.signal));
    await rage(cluster, random);
    calm.abort();
    await Promise.all(acting);
    // From here on nobody changes anything, and nobody dies.
    const faultsNow = async () =>
      (await Promise.all(users.map((user) => user.faultNow()))).flatMap((fault) => fault ?? []);
    await until("all is as declared", async () => (await faultsNow()).length === 0, QUIET_MS).catch(() => undefined);
    const faults = [...users.flatMap((user) => user.faults), ...(await faultsNow())];
    expect(faults, `DAMSON_CHAOS_SEED=${seed}`).toEqual([]);
    expect(users.every((user) => user.acknowledged > 0)).toBe(true);
  });
});

/** One after the other dies, at any moment, and comes back after a while; now and then a cable is pulled. */
async function rage(cluster: Cluster, random: Random): Promise<void> {
  const end = performance.now() + RAGE_MS;
  while (performance.now() < end) {
    await delay(random.between(200, 3_000));
    const victim = random.between(0, cluster.nodes.length);
    const node = cluster.nodes[victim];
    if (!node) {
      await cluster.controller.end("SIGKILL");
      await delay(random.between(0, 1_500));
      cluster.controller.launch();
    } else if (random.chance(0.2)) {
      await node.machine.cut();
      await delay(random.between(500, 9_000));
      await node.machine.mend();
    } else {
      await node.agent.end("SIGKILL");
      await delay(random.chance(0.2) ? 8_000 : random.between(0, 1_500));
      node.agent.launch();
    }
  }
  await cluster.controller.answering();
  await Promise.all(cluster.nodes.map(({ agent }) => agent.answering()));
}
