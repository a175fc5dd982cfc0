import { once } from "node:events";
import { createServer } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { describeWithEngine, freePort, SOON, TestDocker } from "./fixtures/test-docker.ts";

const SERVER = "mkdir /www; echo hello > /www/index.html; exec httpd -f -p 80 -h /www";
const bridge = { network: "bridge" } as const;

let test: TestDocker;
beforeEach(() => {
  test = new TestDocker();
});
afterEach(() => test.dispose());

const server = (host_port?: number, more: object = {}) =>
  test.script(SERVER, {
    ...bridge,
    ports: [{ container_port: 80, ...(host_port === undefined ? {} : { host_port }), ...more }],
  });
const served = (port: number) =>
  expect.poll(() => fetch(`http://127.0.0.1:${port}/`).then((answer) => answer.text(), String), SOON);
const taken = (port: number, who: string) => ({
  code: "HOST_PORT_TAKEN",
  status: 409,
  retryable: true,
  message: `port ${port} of the host is taken by ${who}`,
  issues: [{ path: "pkg.ports[0].host_port" }],
});

describeWithEngine("a port", () => {
  it("is published on the host", async () => {
    const port = await freePort();
    await test.run(server(port));
    await served(port).toBe("hello\n");
  });

  it("is any free one of the host where none is asked for", async () => {
    const [first, second] = [await test.run(server()), await test.run(server())];
    const ports = await Promise.all(
      [first, second].map(async (handle) =>
        Number((await test.inspect(handle)).NetworkSettings.Ports["80/tcp"]?.[0]?.HostPort),
      ),
    );
    expect(new Set(ports).size).toBe(2);
    for (const [index, { unit }] of [first, second].entries()) {
      expect(unit.ports).toEqual([{ container_port: 80, host_port: ports[index], protocol: "tcp" }]);
    }
    for (const port of ports) await served(port).toBe("hello\n");
  });

  it("may be at one address of the host only", async () => {
    const port = await freePort();
    const handle = await test.run(server(port, { host_ip: "127.0.0.1" }));
    expect((await test.inspect(handle)).NetworkSettings.Ports["80/tcp"]).toEqual([
      { HostIp: "127.0.0.1", HostPort: String(port) },
    ]);
    await served(port).toBe("hello\n");
  });

  it("may be one of udp, beside the same of tcp", async () => {
    const port = await freePort();
    const both = ["udp", "tcp"] as const;
    const ports = both.map((protocol) => ({ container_port: 53, host_port: port, protocol }));
    const handle = await test.run(test.script("sleep 100", { ...bridge, ports }));
    const { Ports } = (await test.inspect(handle)).NetworkSettings;
    for (const protocol of both) expect(Ports[`53/${protocol}`]?.[0]?.HostPort).toBe(String(port));
  });
});

describeWithEngine("a port that is taken", () => {
  it("by another app is refused and names it; as soon as it is free, the app starts", async () => {
    const port = await freePort();
    const first = server(port);
    const holder = await test.run({ ...first, app: "stock" });
    const second = server(port);
    await expect(test.run(second)).rejects.toMatchObject(taken(port, `the app "stock" (${first.instanceId})`));
    expect(await test.containers(second)).toEqual([]);
    await test.stop(holder);
    await expect(test.run(second)).resolves.toMatchObject({ run: 1 });
  });

  it("by a container that is none of Damson's is refused and names it", async () => {
    const port = await freePort();
    const name = test.name("stranger");
    const stranger = await test.stranger({
      name,
      ExposedPorts: { "1/tcp": {} },
      HostConfig: { PortBindings: { "1/tcp": [{ HostPort: String(port) }] } },
    });
    await stranger.start();
    await expect(test.run(server(port))).rejects.toMatchObject(taken(port, `the container "${name}"`));
    expect((await stranger.inspect()).State.Running).toBe(true);
  });

  it("by a program of the host is refused, and names no container that has another protocol", async () => {
    const other = createServer().listen(0, "0.0.0.0");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address ? address.port : 0;
    try {
      await test.run(
        test.script("sleep 100", { ...bridge, ports: [{ container_port: 1, host_port: port, protocol: "udp" }] }),
      );
      const instance = server(port);
      await expect(test.run(instance)).rejects.toMatchObject(taken(port, "another program"));
      expect(await test.containers(instance)).toEqual([]);
    } finally {
      other.close();
    }
  });
});
