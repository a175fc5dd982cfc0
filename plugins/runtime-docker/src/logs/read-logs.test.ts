import type { LogLine } from "@damson/plugin-sdk";
import { afterEach, beforeEach, expect, it } from "vitest";
import { describeWithEngine, TestDocker } from "../fixtures/test-docker.ts";

let test: TestDocker;
beforeEach(() => {
  test = new TestDocker();
});
afterEach(() => test.dispose());

const textsOf = (lines: readonly LogLine[]) => lines.map(({ text }) => text);
/** Prints numbered lines of a size. */
const flood = (count: number, width: number) =>
  `awk 'BEGIN { for (i = 1; i <= ${count}; i++) printf "%0${width}d\\n", i }'`;

describeWithEngine("the log of a container", () => {
  it("has every byte of every line, whatever they are", async () => {
    const script = [
      "printf 'plain\\n\\n'",
      "printf '\\377\\376 no utf8\\n'",
      "printf '%016384d\\n%016383d\\n%032768d\\n%065536d\\n' 1 2 3 4",
      "printf 'unended'",
    ].join("; ");
    const handle = await test.run(test.script(script));
    await test.exit(handle);
    const lines = await test.lines(handle);
    expect(lines.map(({ text }) => text.replace(/^0+/, ""))).toEqual([
      "plain",
      "",
      "\uFFFD\uFFFD no utf8",
      "1",
      "2",
      "3",
      "4",
      "unended",
    ]);
    expect(lines.map(({ text }) => text.length).slice(3, 7)).toEqual([16_384, 16_383, 32_768, 65_536]);
    expect(lines[2]?.base64).toBe(Buffer.from("\xff\xfe no utf8", "latin1").toString("base64"));
    expect(lines.some(({ partial }) => partial)).toBe(false);
  });

  it("has a very long line in parts, the same ones from wherever it is read", async () => {
    const handle = await test.run(test.script("echo before; printf '%01500000d\\n' 7; echo after"));
    await test.exit(handle);
    const lines = await test.lines(handle);
    const long = lines.slice(1, -1);
    expect(long.map(({ partial = false }) => partial)).toEqual([...long.slice(1).map(() => true), false]);
    expect(textsOf(long).join("")).toBe("7".padStart(1_500_000, "0"));
    const isRestAfter = async (cursor: string | undefined, index: number) =>
      textsOf(await test.lines(handle, { after: cursor ?? "" })).join() === textsOf(lines.slice(index + 1)).join();
    for (const [index, { cursor }] of lines.entries()) expect(await isRestAfter(cursor, index)).toBe(true);
    for (const count of [1, 2, 5, lines.length]) {
      const tail = await test.lines(handle, { tail: count });
      expect(textsOf(tail).join() === textsOf(lines.slice(-count)).join()).toBe(true);
      expect(await isRestAfter(tail[0]?.cursor, lines.length - count)).toBe(true);
    }
  });

  it("can be read from its end, for one stream, and from a moment on", async () => {
    const handle = await test.run(
      test.script("for i in 1 2 3; do echo out $i; echo err $i >&2; done; sleep 1.5; echo late"),
    );
    await test.exit(handle);
    expect(await test.texts(handle, { tail: 1 })).toEqual(["late"]);
    expect(await test.texts(handle, { tail: 2, stream: "stderr" })).toEqual(["err 2", "err 3"]);
    expect(await test.texts(handle, { tail: 0 })).toEqual([]);
    expect(await test.texts(handle, { stream: "stdout" })).toEqual(["out 1", "out 2", "out 3", "late"]);
    const late = (await test.lines(handle)).at(-1);
    expect(await test.texts(handle, { since: new Date(late?.time ?? 0) })).toEqual(["late"]);
    expect(await test.texts(handle, { since: new Date("1960-01-01") })).toHaveLength(7);
    expect(await test.texts(handle, { since: new Date("9999-01-01") })).toEqual([]);
    // What was read from a moment on can be gone on from.
    const [first] = await test.lines(handle, { since: new Date("1960-01-01") });
    expect(await test.texts(handle, { after: first?.cursor ?? "" })).toHaveLength(6);
  });

  it("goes on right after its end as it was", async () => {
    const handle = await test.run(
      test.script("echo before; read line < /tmp/go; echo after", {
        command: ["/bin/sh", "-c", "mkfifo /tmp/go; echo before; read line < /tmp/go; echo after"],
      }),
    );
    await test.printed(handle, "before");
    const after = await test.runtime.logCursor(handle);
    const exec = await test.docker
      .getContainer(String(handle.data.id))
      .exec({ Cmd: ["/bin/sh", "-c", "echo > /tmp/go"] });
    await exec.start({ Detach: true });
    expect(await test.texts(handle, { after, follow: true })).toEqual(["after"]);
  });

  it("is bounded, and owns up to what was dropped before the line to go on from", async () => {
    const logs = { max_size: "64k", max_files: 2 };
    const script = `mkfifo /tmp/go; echo first; read line < /tmp/go; ${flood(4_000, 100)}; echo last`;
    const handle = await test.run(test.script(script, { logs }));
    await test.printed(handle, "first");
    const [first] = await test.lines(handle);
    const exec = await test.docker
      .getContainer(String(handle.data.id))
      .exec({ Cmd: ["/bin/sh", "-c", "echo > /tmp/go"] });
    await exec.start({ Detach: true });
    await test.exit(handle);
    const rest = await test.lines(handle, { after: first?.cursor ?? "" });
    expect(rest[0]).toMatchObject({ skipped: null });
    expect(rest.slice(1).filter((line) => "skipped" in line)).toEqual([]);
    expect(rest.length).toBeLessThan(2_000);
    expect(rest.at(-1)?.text).toBe("last");
    // What is kept is whole, in order.
    const numbers = rest.slice(0, -1).map(({ text }) => Number(text));
    expect(numbers).toEqual(numbers.map((_, index) => 4_001 - numbers.length + index));
  });
});

describeWithEngine("a log driver of the app's own", () => {
  it("is read where it can be, by cursors too", async () => {
    const log_driver = { type: "json-file", options: { "max-size": "1m" } };
    const handle = await test.run(test.script("echo one; printf '%020000d\\n' 2; echo three", { log_driver }));
    await test.exit(handle);
    expect((await test.inspect(handle)).HostConfig.LogConfig).toEqual({
      Type: "json-file",
      Config: { "max-size": "1m" },
    });
    const lines = await test.lines(handle);
    expect(lines.map(({ text }) => text.length)).toEqual([3, 20_000, 5]);
    expect(await test.texts(handle, { after: lines[1]?.cursor ?? "" })).toEqual(["three"]);
  });

  it("that cannot be read back is said so", async () => {
    const handle = await test.run(test.script("echo gone", { log_driver: { type: "none" } }));
    await test.exit(handle);
    for (const query of [{}, { tail: 1 }, { follow: true }]) {
      await expect(test.lines(handle, query)).rejects.toMatchObject({
        code: "LOGS_UNREADABLE",
        status: 409,
        remedy: expect.stringContaining("log_driver"),
      });
    }
  });

  it("that the engine does not have is refused, and nothing is left", async () => {
    const instance = test.script("true", { log_driver: { type: "nonesuch" } });
    await expect(test.run(instance)).rejects.toMatchObject({ code: "ENGINE_REFUSED", status: 422 });
    expect(await test.containers()).toEqual([]);
  });
});
