import { afterEach, beforeEach, expect, it } from "vitest";
import { describeWithEngine, TestDocker } from "./fixtures/test-docker.ts";
import { IMAGE } from "./fixtures/test-engine.ts";
import { containerOptions } from "./spec/container.ts";
import { containerName, secondName } from "./unit/names.ts";

let test: TestDocker;
beforeEach(() => {
  test = new TestDocker();
});
afterEach(() => test.dispose());

const nameOf = async (handle: Parameters<TestDocker["inspect"]>[0]) => (await test.inspect(handle)).Name.slice(1);
/** As an agent would leave it that died right after it was made. */
const made = (instance: ReturnType<TestDocker["script"]>, name = containerName(instance)) =>
  test.docker.createContainer(
    containerOptions(
      name,
      instance,
      { image: IMAGE, command: ["/bin/sh", "-c", "echo started; sleep 100"], network: "none" },
      { driver: "local" },
    ),
  );

describeWithEngine("the name of a container", () => {
  it("is that which Plum's users know", async () => {
    const instance = test.script("sleep 100");
    expect(await nameOf(await test.run(instance))).toBe(`plum-app-${instance.instanceId}`);
  });

  it("is a second one where a stranger has the first, who is left alone", async () => {
    const instance = test.script("sleep 100");
    const stranger = await test.stranger({ name: containerName(instance) });
    await stranger.start();
    const handle = await test.run(instance);
    expect(await nameOf(handle)).toBe(secondName(instance));
    await test.stop(handle);
    await test.runtime.remove(handle);
    expect((await stranger.inspect()).State.Running).toBe(true);
  });

  it("is a second one where another agent's app of the same id has the first", async () => {
    const other = new TestDocker();
    try {
      const theirs = other.script("sleep 100");
      const mine = test.script("sleep 100", {}, { instanceId: theirs.instanceId });
      const first = await other.run(theirs);
      const second = await test.run(mine);
      expect(await nameOf(second)).toBe(secondName(mine));
      expect(await test.runtime.list(test.owner)).toHaveLength(1);
      await test.stop(second);
      await test.runtime.remove(second);
      expect((await test.inspect(first)).State.Running).toBe(true);
    } finally {
      await other.dispose();
    }
  });

  it("is refused where both are taken, and the holder of the second is named", async () => {
    const instance = test.script("sleep 100");
    await test.stranger({ name: containerName(instance) });
    const second = await test.stranger({ name: secondName(instance) });
    await expect(test.run(instance)).rejects.toMatchObject({
      code: "CONTAINER_NAME_TAKEN",
      status: 409,
      message: expect.stringContaining(second.id),
      remedy: expect.any(String),
    });
    expect(await test.containers(instance)).toEqual([]);
    expect((await second.inspect()).State.Status).toBe("created");
  });
});

describeWithEngine("a container that was made by an agent that died before it started it", () => {
  it("is the one that is started", async () => {
    const instance = test.script("echo started; sleep 100");
    const { id } = await made(instance);
    const handle = await test.run(instance);
    await test.printed(handle, "started");
    expect(handle.data.id).toBe(id);
    expect(await test.containers(instance)).toEqual([id]);
  });

  it("is none of the units that there are, and gone when that run is looked for", async () => {
    const instance = test.script("sleep 100");
    await made(instance);
    expect(await test.runtime.list(test.owner)).toEqual([]);
    expect(await test.runtime.recover(instance, undefined)).toEqual({ state: "gone" });
    expect(await test.containers(instance)).toEqual([]);
  });

  it("goes when the next run starts, and has no place in its logs", async () => {
    const instance = test.script("echo again");
    const { id } = await made(instance);
    const handle = await test.run({ ...instance, run: 2 });
    await test.exit(handle);
    expect(await test.containers(instance)).toEqual([handle.data.id]);
    expect(handle.data.id).not.toBe(id);
    expect(await test.texts(handle)).toEqual(["again"]);
  });

  it("goes with the instance", async () => {
    const instance = test.script("sleep 100");
    await made(instance);
    await test.runtime.remove(instance);
    expect(await test.containers(instance)).toEqual([]);
  });
});

describeWithEngine("a run", () => {
  it("is started once, by however many agents one after another", async () => {
    const instance = test.script("echo started; sleep 100");
    const handle = await test.run(instance);
    await test.printed(handle, "started");
    const next = test.open();
    await expect(next.start(instance)).resolves.toEqual(handle);
    await expect(next.recover(instance, undefined)).resolves.toEqual({ state: "adopted", handle });
    expect(await test.containers(instance)).toEqual([handle.data.id]);
    expect(await test.texts(handle)).toEqual(["started"]);
  });

  it("that is started while an earlier one still goes ends that first", async () => {
    const instance = test.script("trap '' TERM; echo first; while :; do sleep 1; done");
    const first = await test.run(instance);
    await test.printed(first, "first");
    const second = await test.run({ ...instance, run: 2 });
    expect((await test.inspect(first)).State).toMatchObject({ Running: false, ExitCode: 137 });
    expect((await test.inspect(second)).State.Running).toBe(true);
  });

  it.each([
    ["that is not in the image", ["/none/such"], true, "COMMAND_NOT_FOUND"],
    ["that is not in PATH", ["nonesuch"], true, "COMMAND_NOT_FOUND"],
    ["that is not in the image, without an init", ["/none/such"], false, "COMMAND_NOT_FOUND"],
    ["that is no program, without an init", ["/etc/passwd"], false, "COMMAND_NOT_EXECUTABLE"],
  ])("of a command %s is refused, and nothing is left", async (_, command, init, code) => {
    const instance = test.script("", { command, init });
    await expect(test.run(instance)).rejects.toMatchObject({
      code,
      status: 422,
      issues: [{ path: "pkg.command[0]" }],
    });
    expect(await test.containers(instance)).toEqual([]);
  });

  it("as a user that the image does not have is refused, and nothing is left", async () => {
    const instance = test.script("true", { user: "nonesuch" });
    await expect(test.run(instance)).rejects.toMatchObject({ code: "USER_UNKNOWN", issues: [{ path: "pkg.user" }] });
    expect(await test.containers(instance)).toEqual([]);
  });

  it("in a working directory that is a file is refused, and nothing is left", async () => {
    const instance = test.script("true", { working_dir: "/etc/passwd" });
    await expect(test.run(instance)).rejects.toMatchObject({
      code: "WORKING_DIR_MISSING",
      issues: [{ path: "pkg.working_dir" }],
    });
    expect(await test.containers(instance)).toEqual([]);
  });
});
