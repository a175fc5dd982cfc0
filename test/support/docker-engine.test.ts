import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { BUSYBOX } from "./busybox-image.ts";
import { type PrivateEngine, sharedEngine, startEngine } from "./docker-engine.ts";
import { freePort } from "./ports.ts";
import { until } from "./until.ts";

const STEADY = ["sh", "-c", "trap 'exit 7' TERM; echo ready; while :; do sleep 0.1; done"];

test("the shared engine runs containers, tells of them by label, and removes them", async (context) => {
  const engine = await sharedEngine(context);
  const label = `damson.test=${process.pid}`;
  context.onTestFinished(() => engine.removeAll(label));
  const id = await engine.docker("run", "--detach", "--label", label, BUSYBOX, "sh", "-c", "echo out; echo err >&2");
  await engine.docker("wait", id);
  expect(await engine.containers(label)).toMatchObject([{ Id: id, State: { Status: "exited", ExitCode: 0 } }]);
  expect(await engine.logs(id)).toEqual({ stdout: "out\n", stderr: "err\n" });
  await engine.removeAll(label);
  expect(await engine.containers(label)).toEqual([]);
  await expect(engine.inspect(id)).rejects.toThrow(/no such container/i);
});

test("with live restore a container goes on, whether dockerd is killed or stopped", async (context) => {
  const engine = await startEngine(context, { liveRestore: true });
  const { id, pid } = await steady(engine);
  for (const end of ["kill", "stop"] as const) {
    await engine[end]();
    expect(engine.running).toBe(false);
    expect(await engine.answers()).toBe(false);
    expect(commandOf(pid)).toContain("trap");
    await engine.start();
    expect(await engine.inspect(id)).toMatchObject({ State: { Status: "running", Pid: pid, ExitCode: 0 } });
  }
});

test("without live restore a stop of dockerd stops containers; after a kill its next start does", async (context) => {
  const engine = await startEngine(context, { liveRestore: false });
  const { id, pid } = await steady(engine);
  await engine.stop();
  expect(commandOf(pid)).toBe("");
  await engine.start();
  expect(await engine.inspect(id)).toMatchObject({ State: { Status: "exited", ExitCode: 7 } });

  await engine.docker("start", id);
  await ready(engine, id, 2);
  const next = (await engine.inspect(id)).State.Pid;
  await engine.kill();
  expect(commandOf(next)).toContain("trap");
  await engine.start();
  expect(commandOf(next)).toBe("");
  expect(await engine.inspect(id)).toMatchObject({ State: { Status: "exited", ExitCode: 7 } });
});

test("a container that ended while dockerd was dead has its exit code all the same", async (context) => {
  const engine = await startEngine(context);
  const { id, pid } = await steady(engine);
  await engine.kill();
  process.kill(pid, "SIGTERM");
  await until("the container has ended", () => commandOf(pid) === "");
  await engine.start();
  expect(await engine.inspect(id)).toMatchObject({ State: { Status: "exited", ExitCode: 7 } });
});

test("starts and stops leave the bridge of another engine alone", async (context) => {
  const docker0 = "/sys/class/net/docker0";
  if (!existsSync(docker0)) context.skip("no docker0");
  for (const liveRestore of [true, false]) {
    const engine = await startEngine(context, { liveRestore });
    await engine.stop();
    await engine.start();
    expect(existsSync(docker0)).toBe(true);
  }
});

test("publishes ports, also of networks of its own, and after dockerd was killed", async (context) => {
  const engine = await startEngine(context);
  await engine.docker("network", "create", "own");
  const page = async (port: number) => (await fetch(`http://127.0.0.1:${port}/etc/passwd`)).text();
  const ports = [await freePort(), await freePort()] as const;
  const serve = (port: number, network: string) =>
    engine.docker(
      ...["run", "--detach", "--network", network, "--publish", `127.0.0.1:${port}:80`],
      ...[BUSYBOX, "httpd", "-f", "-p", "80", "-h", "/"],
    );
  await serve(ports[0], "bridge");
  await serve(ports[1], "own");
  for (const port of ports) expect(await until("it answers", () => page(port))).toContain("root:x");
  await engine.kill();
  await engine.start();
  for (const port of ports) expect(await until("it answers", () => page(port))).toContain("root:x");
});

test("close ends and removes everything, with dockerd alive or dead", async (context) => {
  for (const dead of [false, true]) {
    const engine = await startEngine(context);
    await engine.docker("network", "create", "own");
    const { pid } = await steady(engine);
    if (dead) await engine.kill();
    await engine.close();
    expect(commandOf(pid)).toBe("");
    expect(existsSync(engine.directory)).toBe(false);
    expect(readFileSync("/proc/self/mountinfo", "utf8")).not.toContain(engine.directory);
    await engine.close();
  }
});

async function steady(engine: PrivateEngine): Promise<{ id: string; pid: number }> {
  const id = await engine.docker("run", "--detach", BUSYBOX, ...STEADY);
  await ready(engine, id, 1);
  return { id, pid: (await engine.inspect(id)).State.Pid };
}

/** Waits until it has said so in this many runs: a signal before that would be lost on it. */
async function ready(engine: PrivateEngine, id: string, runs: number): Promise<void> {
  const said = "ready\n".repeat(runs);
  await until("the container's program is ready", async () => (await engine.logs(id)).stdout === said);
}

/** Empty when there is no such process, or only a zombie. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1");
  } catch {
    return "";
  }
}
