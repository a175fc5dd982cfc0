import { afterEach, beforeEach, expect, it } from "vitest";
import { engineAddress } from "./engine/address.ts";
import { Engine } from "./engine/engine.ts";
import { quiet } from "./fixtures/quiet-log.ts";
import { describeWithEngine, SOON, TestDocker } from "./fixtures/test-docker.ts";
import { LABELS } from "./unit/labels.ts";
import { networkName } from "./unit/names.ts";
import { AppNetworks } from "./unit/networks.ts";

let test: TestDocker;
beforeEach(() => {
  test = new TestDocker();
});
afterEach(() => test.dispose());

const app = { network: "app" } as const;
const networks = async (owner = test.owner) =>
  (await test.docker.listNetworks({ filters: { label: [`${LABELS.owner}=${owner}`] } })).map(({ Name }) => Name);

describeWithEngine("the network of an app", () => {
  it("lets its instances reach one another by their ids, and finds all of them by the app's name", async () => {
    const server = test.script('mkdir /www; echo "from $DAMSON_APP" > /www/a; exec httpd -f -p 80 -h /www', app);
    const first = await test.run(server);
    const ask = `until wget -q -O - http://${server.instanceId}/a 2>/dev/null; do sleep 0.2; done`;
    const client = await test.run(test.script(`${ask}; nslookup shop | grep '^Address: '; sleep 100`, app));
    const addresses = await Promise.all(
      [first, client].map(async (handle) => {
        const [network] = Object.values((await test.inspect(handle)).NetworkSettings.Networks);
        return `Address: ${network?.IPAddress}`;
      }),
    );
    const expected = ["from shop", ...addresses].toSorted();
    await expect.poll(async () => (await test.texts(client)).toSorted(), SOON).toEqual(expected);
  });

  it("is made once, however many start at once, and goes with the last of them", async () => {
    const instances = Array.from({ length: 6 }, () => test.script("sleep 100", app));
    const handles = await Promise.all(instances.map((instance) => test.run(instance)));
    expect(await networks()).toEqual([networkName(test.owner, "shop")]);
    const [last, ...others] = handles;
    await Promise.all(handles.map((handle) => test.stop(handle)));
    await Promise.all(others.map((handle) => test.runtime.remove(handle)));
    if (last) await test.runtime.remove(last);
    expect(await networks()).toEqual([]);
  });

  it("goes, and one that somebody has given its labels stays", async () => {
    const Name = test.name("damson-test");
    await test.docker.createNetwork({ Name, Labels: { [LABELS.owner]: test.owner, [LABELS.app]: "shop" } });
    const handle = await test.run(test.script("true", app));
    await test.exit(handle);
    await test.runtime.remove(handle);
    expect(await networks()).toEqual([Name]);
  });

  it("is not that of another owner's app of the same name, nor of another app", async () => {
    const other = new TestDocker();
    try {
      await test.run(test.script("sleep 100", app));
      await other.run(other.script("sleep 100", app));
      await test.run(test.script("sleep 100", app, { app: "stock" }));
      expect((await networks()).toSorted()).toEqual([
        networkName(test.owner, "shop"),
        networkName(test.owner, "stock"),
      ]);
      expect(await networks(other.owner)).toEqual([networkName(other.owner, "shop")]);
    } finally {
      await other.dispose();
    }
  });

  it("is there for every start while other instances are removed", async () => {
    const rounds = Array.from({ length: 6 }, async () => {
      const handle = await test.run(test.script("true", app));
      await test.exit(handle);
      await test.runtime.remove(handle);
    });
    await expect(Promise.all(rounds)).resolves.toHaveLength(6);
    await expect.poll(() => networks(), SOON).toEqual([]);
  });

  it("is kept for a start that is on its way, and goes after it", async () => {
    const engine = new Engine({ address: engineAddress(undefined, process.env), label: "", log: quiet });
    const own = new AppNetworks(engine, test.owner);
    await own.during({ app: "shop" }, async () => {
      await own.removeUnused();
      expect(await networks()).toEqual([networkName(test.owner, "shop")]);
    });
    await own.removeUnused();
    expect(await networks()).toEqual([]);
  });

  it("is tidied up by the next agent when this one had no time to", async () => {
    const handle = await test.run(test.script("sleep 100", app));
    await test.docker.getContainer(String(handle.data.id)).remove({ force: true });
    expect(await networks()).toHaveLength(1);
    await test.open().check();
    expect(await networks()).toEqual([]);
  });
});

describeWithEngine("another network", () => {
  it("of the engine is joined by its name", async () => {
    const Name = test.name("damson-test");
    await test.docker.createNetwork({ Name, Labels: { [LABELS.owner]: test.owner } });
    const handle = await test.run(test.script("sleep 100", { network: Name }));
    expect(Object.keys((await test.inspect(handle)).NetworkSettings.Networks)).toEqual([Name]);
  });

  it("that is not there is refused, and nothing is left", async () => {
    await expect(test.run(test.script("true", { network: "none-such" }))).rejects.toMatchObject({
      code: "NETWORK_MISSING",
      issues: [{ path: "pkg.network" }],
    });
    expect(await test.containers()).toEqual([]);
  });

  it("is the host's own, where that is asked for", async () => {
    const [name] = await test.output("readlink /proc/self/ns/net", { network: "host" });
    const [own] = await test.output("readlink /proc/self/ns/net");
    expect(name).toMatch(/^net:/);
    expect(name).not.toBe(own);
  });

  it("has the further hosts that are given", async () => {
    const fields = { network: "bridge", extra_hosts: { registry: "10.0.0.1", "db.internal": "fd00::1" } };
    const hosts = await test.output("cat /etc/hosts", fields);
    expect(hosts).toContain("10.0.0.1\tregistry");
    expect(hosts).toContain("fd00::1\tdb.internal");
  });
});
