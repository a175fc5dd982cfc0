import { isUnknownExit } from "@damson/plugin-sdk";
import { afterEach, beforeEach, expect, it } from "vitest";
import { describeWithEngine, SOON, TestDocker } from "./fixtures/test-docker.ts";
import { LABELS } from "./unit/labels.ts";

let test: TestDocker;
beforeEach(() => {
  test = new TestDocker();
});
afterEach(() => test.dispose());

describeWithEngine("a container", () => {
  it("that somebody removes while it runs ends as unknown", async () => {
    const instance = test.script("sleep 100");
    const handle = await test.run(instance);
    const events = test.watch(handle);
    await test.docker.getContainer(String(handle.data.id)).remove({ force: true });
    await expect.poll(() => events.at(-1), SOON).toMatchObject({ type: "exited" });
    // Whether its end is seen before it is gone is a matter of luck; that it ended well is never said.
    const [event] = events;
    const status = event?.type === "exited" ? event.status : undefined;
    expect(status && (isUnknownExit(status) || status.signal)).toBeTruthy();
    expect(isUnknownExit(await test.exit(handle))).toBe(true);
    expect((await test.stop(handle, "SIGTERM", 1_000)).survivors).toEqual([]);
    expect(await test.runtime.recover(instance, handle)).toEqual({ state: "gone" });
    await test.runtime.remove(handle);
  });

  it("that is paused has not ended, and can be stopped", async () => {
    const instance = test.script("sleep 100");
    const handle = await test.run(instance);
    const events = test.watch(handle);
    await test.docker.getContainer(String(handle.data.id)).pause();
    expect(await test.runtime.recover(instance, handle)).toEqual({ state: "adopted", handle });
    expect(await test.runtime.list(test.owner)).toEqual([handle]);
    await expect(test.runtime.remove(handle)).rejects.toMatchObject({ code: "STILL_RUNNING" });
    await expect.poll(() => events, SOON).toEqual([{ type: "health", healthy: false, message: "it is paused" }]);
    expect(await test.stop(handle)).toMatchObject({ status: { signal: "SIGKILL" }, survivors: [] });
    await expect.poll(() => events.at(-1), SOON).toMatchObject({ type: "exited" });
  });

  it("that goes on after a pause is well again; meanwhile no command runs in it", async () => {
    const handle = await test.run(test.script("sleep 100"));
    const events = test.watch(handle);
    const container = test.docker.getContainer(String(handle.data.id));
    await container.pause();
    await expect.poll(() => events.at(-1), SOON).toMatchObject({ healthy: false });
    const { signal } = new AbortController();
    await expect(test.runtime.exec?.(handle, { command: ["true"] }, signal)).rejects.toMatchObject({
      code: "NOT_RUNNING",
      remedy: expect.stringContaining("docker unpause plum-app-"),
    });
    await container.unpause();
    await expect.poll(() => events.at(-1), SOON).toEqual({ type: "health", healthy: true, message: "Running" });
  });

  it.each(["SIGKILL", "SIGINT", "SIGUSR1"])("that somebody ends by %s has that as its signal", async (signal) => {
    const handle = await test.run(test.script("sleep 100", { command: ["/bin/sleep", "100"] }));
    const events = test.watch(handle);
    await test.docker.getContainer(String(handle.data.id)).kill({ signal });
    await expect.poll(() => events.at(-1), SOON).toMatchObject({ type: "exited", status: { signal, oom: false } });
  });

  it("that takes more memory than it may is ended, and says so", async () => {
    const resources = { memory_limit: "16m" };
    const handle = await test.run(test.script("x=a; while :; do x=$x$x; done", { resources }));
    expect(await test.exit(handle)).toMatchObject({ oom: true, code: 137, signal: "SIGKILL" });
  });

  it.each([0, 1, 126, 127, 200, 255])("that ends with %i has that as its code", async (code) => {
    const handle = await test.run(test.script(`exit ${code}`));
    expect(await test.exit(handle)).toMatchObject({ code, signal: null, oom: false, endedAt: expect.any(String) });
  });

  it("that somebody has renamed goes on as before", async () => {
    const instance = test.script("echo here; sleep 100");
    const handle = await test.run(instance);
    const name = test.name("mine");
    await test.docker.getContainer(String(handle.data.id)).rename({ name });
    expect(await test.runtime.recover(instance, handle)).toEqual({ state: "adopted", handle });
    await test.printed(handle, "here");
    expect(await test.runtime.logCursor(handle)).toMatch(/^R1O/);
    expect(await test.stop(handle)).toMatchObject({ status: { signal: "SIGKILL" }, survivors: [] });
  });

  it("that somebody has made from an image of one has its labels, and is neither taken for it nor touched", async () => {
    const instance = test.script("echo own; sleep 100");
    const handle = await test.run(instance);
    await test.printed(handle, "own");
    const { Labels } = (await test.inspect(handle)).Config;
    const copy = await test.stranger({ Labels });
    await copy.start();

    expect(await test.runtime.list(test.owner)).toEqual([handle]);
    expect(await test.texts(handle)).toEqual(["own"]);
    await test.stop(handle);
    await test.exit(await test.run({ ...instance, run: 2, pkg: { ...instance.pkg, command: ["/bin/true"] } }));
    await test.runtime.remove(handle);
    expect(await test.runtime.recover(instance, undefined)).toEqual({ state: "gone" });
    expect(await test.containers(instance)).toEqual([copy.id]);
    expect((await copy.inspect()).State.Running).toBe(true);
  });

  it.each([{}, { [LABELS.instance]: "shop-1" }, { [LABELS.instance]: "shop-1", [LABELS.run]: "x" }])(
    "with only some of the labels is none of ours: %j",
    async (labels) => {
      const stranger = await test.stranger({ Labels: { [LABELS.owner]: test.owner, ...labels } });
      await stranger.start();
      expect(await test.runtime.list(test.owner)).toEqual([]);
      await test.runtime.remove({ owner: test.owner, instanceId: "shop-1" });
      expect((await stranger.inspect()).State.Running).toBe(true);
    },
  );

  it("of another owner is neither seen nor touched", async () => {
    const other = new TestDocker();
    try {
      const theirs = await other.run(other.script("sleep 100"));
      expect(await test.runtime.list(test.owner)).toEqual([]);
      expect(await test.runtime.list(other.owner)).toEqual([]);
      await expect(test.stop(theirs)).rejects.toMatchObject({ code: "FOREIGN_UNIT" });
      await expect(test.runtime.remove(theirs)).rejects.toMatchObject({ code: "FOREIGN_UNIT" });
      expect((await test.inspect(theirs)).State.Running).toBe(true);
    } finally {
      await other.dispose();
    }
  });
});
