import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { describeWithEngine, TestDocker } from "./fixtures/test-docker.ts";

/** Bits of /usr/include/linux/capability.h. */
const CAPABILITY = {
  CHOWN: 0,
  DAC_OVERRIDE: 1,
  FOWNER: 3,
  KILL: 5,
  SETGID: 6,
  SETUID: 7,
  NET_BIND_SERVICE: 10,
} as const;
const mask = (...bits: readonly number[]) =>
  bits
    .reduce((sum, bit) => sum + 2 ** bit, 0)
    .toString(16)
    .padStart(16, "0");
const DEFAULT_MASK = mask(...Object.values(CAPABILITY));
const STATUS = "grep -E '^(Cap(Prm|Eff|Bnd|Amb)|NoNewPrivs|Seccomp):' /proc/self/status | tr -d ' \\t'";

let test: TestDocker;
beforeEach(() => {
  test = new TestDocker();
});
afterEach(() => test.dispose());

describeWithEngine("a container", () => {
  it("has the limits that are asked for", async () => {
    const resources = { cpu_limit: "0.5", memory_limit: "64m", cpu_set: "0", pids_limit: 50 };
    const handle = await test.run(test.script("sleep 100", { resources }));
    const { HostConfig } = await test.inspect(handle);
    expect(HostConfig).toMatchObject({
      NanoCpus: 500_000_000,
      Memory: 2 ** 26,
      MemorySwap: 2 ** 26,
      CpusetCpus: "0",
      PidsLimit: 50,
    });
    await expect(test.runtime.stats(handle)).resolves.toMatchObject({ memory_limit_bytes: 2 ** 26 });
  });

  it("has those of the node where the app asks for none", async () => {
    const limited = new TestDocker({
      env: { PLUM_CONTAINER_MEMORY: "32m", PLUM_CONTAINER_ENV: "FROM_NODE=a,b,OTHER=node" },
      config: { defaults: { cpu_limit: 0.25, memory_limit: "16m" } },
    });
    try {
      const instance = limited.script('echo "$FROM_NODE $OTHER"; sleep 100', {
        environment: { OTHER: "app" },
        resources: { cpu_limit: 0.5 },
      });
      const handle = await limited.run(instance);
      await limited.printed(handle, "a,b app");
      expect((await limited.inspect(handle)).HostConfig).toMatchObject({ NanoCpus: 5e8, Memory: 2 ** 25 });
    } finally {
      await limited.dispose();
    }
  });

  it("keeps few capabilities, can gain none, and makes no unusual system calls", async () => {
    expect(await test.output(STATUS)).toEqual([
      `CapPrm:${DEFAULT_MASK}`,
      `CapEff:${DEFAULT_MASK}`,
      `CapBnd:${DEFAULT_MASK}`,
      `CapAmb:${mask()}`,
      "NoNewPrivs:1",
      "Seccomp:2",
    ]);
  });

  it("keeps just the capabilities that are asked for", async () => {
    const [none, one] = await Promise.all([
      test.output(STATUS, { capabilities: [] }),
      test.output(STATUS, { capabilities: ["CHOWN"] }),
    ]);
    expect(none).toContain(`CapBnd:${mask()}`);
    expect(none).toContain(`CapEff:${mask()}`);
    expect(one).toContain(`CapEff:${mask(CAPABILITY.CHOWN)}`);
  });

  it("has no capability as another user", async () => {
    const output = await test.output(`id -u; id -g; ${STATUS}`, { user: "1234:5678" });
    expect(output.slice(0, 2)).toEqual(["1234", "5678"]);
    expect(output).toContain(`CapEff:${mask()}`);
  });

  it("cannot write to its own file system where that is asked for, but to what is mounted", async () => {
    const script = "touch /etc/x 2>/dev/null || echo refused; touch /scratch/x && echo written";
    const volumes = [{ tmpfs: "1m", container_path: "/scratch" }];
    expect(await test.output(script, { read_only: true, volumes })).toEqual(["refused", "written"]);
    expect(await test.output("touch /etc/x && echo written")).toEqual(["written"]);
  });

  it("has a file system in memory of the size that is asked for", async () => {
    const script = "df -k /scratch | tail -1 | tr -s ' ' | cut -d' ' -f2; touch /fixed/x 2>/dev/null || echo refused";
    const volumes = [
      { tmpfs: "2m", container_path: "/scratch" },
      { tmpfs: "1m", container_path: "/fixed", read_only: true },
    ];
    expect(await test.output(script, { volumes })).toEqual(["2048", "refused"]);
  });
});

describeWithEngine("a volume", () => {
  it("of the host is made where it is missing, and kept", async () => {
    const host_path = join(test.directory, "made", "here");
    const handle = await test.run(
      test.script("echo kept > /data/note", { volumes: [{ host_path, container_path: "/data" }] }),
    );
    await test.exit(handle);
    await test.runtime.remove(handle);
    expect(readFileSync(join(host_path, "note"), "utf8")).toBe("kept\n");
  });

  it("can be one that the app may only read", async () => {
    const host_path = join(test.directory, "fixed");
    mkdirSync(host_path);
    const volumes = [{ host_path, container_path: "/data", read_only: true }];
    expect(await test.output("touch /data/x 2>/dev/null || echo refused", { volumes })).toEqual(["refused"]);
    expect(existsSync(join(host_path, "x"))).toBe(false);
  });

  it("of the engine outlives the app, and is there for the next one", async () => {
    const volumes = [{ name: test.volume(), container_path: "/data" }];
    const handle = await test.run(test.script("echo kept > /data/note", { volumes }));
    await test.exit(handle);
    await test.runtime.remove(handle);
    expect(await test.output("cat /data/note", { volumes })).toEqual(["kept"]);
  });

  it("that the image asks for goes with its container", async () => {
    const image = await test.image("VOLUME /own");
    const handle = await test.run(test.script("touch /own/x; sleep 100", { image }));
    const { Mounts } = await test.inspect(handle);
    const [name = ""] = Mounts.map(({ Name }) => Name);
    await expect(test.docker.getVolume(name).inspect()).resolves.toMatchObject({ Name: name });
    await test.stop(handle);
    await test.runtime.remove(handle);
    await expect(test.docker.getVolume(name).inspect()).rejects.toMatchObject({ statusCode: 404 });
  });

  it("that cannot be mounted is refused, and nothing is left", async () => {
    const instance = test.script("true", { volumes: [{ host_path: "/proc/none", container_path: "/data" }] });
    await expect(test.run(instance)).rejects.toMatchObject({
      code: "VOLUME_INVALID",
      issues: [{ path: "pkg.volumes" }],
    });
    expect(await test.containers()).toEqual([]);
  });
});
