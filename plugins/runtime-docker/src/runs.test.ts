import type { Handle } from "@damson/plugin-sdk";
import { afterEach, beforeEach, expect, it } from "vitest";
import { describeWithEngine, TestDocker } from "./fixtures/test-docker.ts";

let test: TestDocker;
beforeEach(() => {
  test = new TestDocker();
});
afterEach(() => test.dispose());

describeWithEngine("runs one after another", () => {
  it("are one log, of the last and the two before it, which cursors go through", async () => {
    const instance = test.script('echo "one of $RUN"; echo "two of $RUN" >&2');
    const handles: Handle[] = [];
    let lastOfFirst: string | undefined;
    for (const run of [1, 2, 3, 4, 5]) {
      const environment = { RUN: String(run) };
      const handle = await test.run({ ...instance, run, environment });
      await test.exit(handle);
      handles.push(handle);
      if (run === 1) lastOfFirst = (await test.lines(handle)).at(-1)?.cursor;
      expect(await test.containers(instance)).toHaveLength(Math.min(run, 3));
    }
    const [, , third, , last] = handles;
    if (!third || !last) throw new Error("there were fewer runs");

    const lines = await test.lines(last);
    const byStream = (stream: string) => lines.filter((line) => line.stream === stream).map(({ text }) => text);
    expect(byStream("stdout")).toEqual(["one of 3", "one of 4", "one of 5"]);
    expect(byStream("stderr")).toEqual(["two of 3", "two of 4", "two of 5"]);
    for (const [index, { cursor }] of lines.entries()) {
      expect(await test.lines(last, { after: cursor })).toEqual(lines.slice(index + 1));
    }
    const tails = lines.map((_, index) => test.texts(last, { tail: index + 1 }));
    expect(await Promise.all(tails)).toEqual(lines.map((_, index) => lines.slice(-index - 1).map(({ text }) => text)));
    // The run of this cursor is gone: what is missing between is owned up to.
    expect(await test.lines(last, { after: lastOfFirst ?? "" })).toMatchObject([{ skipped: null }, {}, {}, {}, {}, {}]);
    // An earlier handle has what came up to its run.
    expect((await test.texts(third)).toSorted()).toEqual(["one of 3", "two of 3"]);

    expect(await test.runtime.list(test.owner)).toEqual([last]);
    await test.runtime.remove(last);
    expect(await test.containers()).toEqual([]);
    expect(await test.runtime.list(test.owner)).toEqual([]);
    expect(await test.lines(last)).toEqual([]);
  });

  it("are followed from an earlier one into the one that runs", async () => {
    const instance = test.script('echo "ended $RUN"; [ $RUN = 1 ] || sleep 100');
    const first = await test.run({ ...instance, environment: { RUN: "1" } });
    await test.exit(first);
    const second = await test.run({ ...instance, run: 2, environment: { RUN: "2" } });
    const follow = test.runtime.logs(second, { follow: true, signal: AbortSignal.timeout(20_000) });
    const texts: string[] = [];
    for await (const { text } of follow) {
      texts.push(text);
      if (texts.length === 2) break;
    }
    expect(texts).toEqual(["ended 1", "ended 2"]);
  });

  it("go together, also one that somebody has started again", async () => {
    const instance = test.script("[ -e /again ] && exec sleep 100; touch /again");
    const first = await test.run(instance);
    await test.exit(first);
    const second = await test.run({ ...instance, run: 2 });
    await test.exit(second);
    await test.docker.getContainer(String(second.data.id)).start();
    await expect(test.runtime.remove(second)).rejects.toMatchObject({ code: "STILL_RUNNING" });
    expect((await test.stop(second)).survivors).toEqual([]);
    await test.docker.getContainer(String(first.data.id)).start();
    await test.runtime.remove(second);
    expect(await test.containers()).toEqual([]);
  });

  it("are each told of by their own handle", async () => {
    const instance = test.script("exit $CODE");
    const codes = [];
    const handles = [];
    for (const run of [1, 2]) {
      const handle = await test.run({ ...instance, run, environment: { CODE: String(run) } });
      handles.push(handle);
      await test.exit(handle);
    }
    for (const handle of handles) codes.push((await test.exit(handle)).code);
    expect(codes).toEqual([1, 2]);
  });
});
