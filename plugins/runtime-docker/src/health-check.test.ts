import { afterEach, beforeEach, expect, it } from "vitest";
import { describeWithEngine, SOON, TestDocker } from "./fixtures/test-docker.ts";

let test: TestDocker;
beforeEach(() => {
  test = new TestDocker();
});
afterEach(() => test.dispose());

const CHECK = "HEALTHCHECK --interval=300ms --timeout=5s --retries=1";

describeWithEngine("the HEALTHCHECK of an image", () => {
  it("is told of as it passes and fails, in its own words", async () => {
    const image = await test.image(`${CHECK} CMD cat /tmp/state && test ! -e /tmp/bad`);
    const handle = await test.run(test.script("sleep 100", { image }));
    const events = test.watch(handle);
    const container = test.docker.getContainer(String(handle.data.id));
    const inside = async (command: string) => {
      const exec = await container.exec({ Cmd: ["/bin/sh", "-c", command] });
      await exec.start({ Detach: true });
    };
    const last = () => expect.poll(() => events.at(-1), SOON);
    await last().toMatchObject({
      type: "health",
      healthy: false,
      message: expect.stringMatching(/health check fails: .*No such file/),
    });
    await inside("echo all good > /tmp/state");
    await last().toEqual({ type: "health", healthy: true, message: "Running" });
    await inside("echo the disk is full > /tmp/state; touch /tmp/bad");
    await last().toEqual({ type: "health", healthy: false, message: "its health check fails: the disk is full" });
    const told = events.map((event) => event.type === "health" && event.healthy);
    // Nothing is told twice: what was false before is false for another reason.
    expect(told.filter((healthy, index) => healthy !== told[index - 1])).toEqual([false, true, false]);
    await test.stop(handle);
    await last().toMatchObject({ type: "exited", status: { signal: "SIGKILL" } });
  });

  it("begins as not passed yet", async () => {
    const image = await test.image("HEALTHCHECK --interval=1h --start-period=1h CMD true");
    const events = test.watch(await test.run(test.script("sleep 100", { image })));
    await expect
      .poll(() => events, SOON)
      .toEqual([{ type: "health", healthy: false, message: "its health check has not passed yet" }]);
  });

  it("is known to the next agent at once", async () => {
    const image = await test.image(`${CHECK} CMD true`);
    const handle = await test.run(test.script("sleep 100", { image }));
    const events = test.watch(handle);
    await expect.poll(() => events.at(-1), SOON).toMatchObject({ healthy: true });
    for await (const event of test.open().watch(handle, AbortSignal.timeout(10_000))) {
      expect(event).toEqual({ type: "health", healthy: true, message: "Running" });
      break;
    }
  });
});

describeWithEngine("the STOPSIGNAL of an image", () => {
  const trap = "trap 'echo usr1; exit 3' USR1; trap 'echo term; exit 4' TERM; trap 'echo int; exit 5' INT";
  const script = `${trap}; echo ready; while :; do sleep 0.1; done`;

  it("is sent for SIGTERM, and any other signal as it is", async () => {
    const image = await test.image({ StopSignal: "SIGUSR1" });
    const [own, other, plain] = await Promise.all([
      test.run(test.script(script, { image })),
      test.run(test.script(script, { image })),
      test.run(test.script(script)),
    ]);
    await Promise.all([own, other, plain].map((handle) => test.printed(handle, "ready")));
    const stopped = [
      await test.stop(own, "SIGTERM", 10_000),
      await test.stop(other, "SIGINT", 10_000),
      await test.stop(plain, "SIGTERM", 10_000),
    ];
    expect(stopped.map(({ status }) => status.code)).toEqual([3, 5, 4]);
  });
});
