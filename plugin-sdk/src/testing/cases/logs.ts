import { expect } from "vitest";
import type { LogLine } from "../../runtime/logs.ts";
import { BYTES, LONG_LINE_BYTES, program } from "../programs.ts";
import type { Scene } from "../scene.ts";
import { meanwhile, take } from "../waiting.ts";
import type { CaseDefinition } from "./case-definition.ts";

const LINES = 10;
const MAX_LINE_BYTES = 65_536;

const numbered = (word: string, from = 1) => Array.from({ length: LINES - from + 1 }, (_, i) => `${word} ${from + i}`);
const texts = (lines: readonly LogLine[]) => lines.map((line) => line.text);
const bytesOf = (line: LogLine) =>
  line.base64 === undefined ? Buffer.from(line.text) : Buffer.from(line.base64, "base64");

async function printed(scene: Scene) {
  const agent = await scene.agent();
  const handle = await agent.run(scene.instance(program({ kind: "prints", lines: LINES })));
  await agent.exit(handle);
  return { agent, handle };
}

/** What a reader gets. */
export const logCases: readonly CaseDefinition[] = [
  {
    name: "lines come in the order in which they were written, each with its stream",
    async run(scene) {
      const { agent, handle } = await printed(scene);
      const lines = await agent.lines(handle);
      expect(texts(lines.filter((line) => line.stream === "stdout"))).toEqual(numbered("out"));
      expect(texts(lines.filter((line) => line.stream === "stderr"))).toEqual(numbered("err"));
      for (const line of lines) {
        expect(line).not.toHaveProperty("partial");
        expect(line).not.toHaveProperty("skipped");
        expect(line).not.toHaveProperty("base64");
        if (line.time !== null) expect(Math.abs(Date.parse(line.time) - Date.now())).toBeLessThan(60_000);
      }
    },
  },
  {
    name: "one stream alone can be read",
    async run(scene) {
      const { agent, handle } = await printed(scene);
      expect(texts(await agent.lines(handle, { stream: "stdout" }))).toEqual(numbered("out"));
      expect(texts(await agent.lines(handle, { stream: "stderr" }))).toEqual(numbered("err"));
    },
  },
  {
    name: "tail begins with the last lines",
    async run(scene) {
      const { agent, handle } = await printed(scene);
      expect(texts(await agent.lines(handle, { stream: "stdout", tail: 3 }))).toEqual(numbered("out", LINES - 2));
      expect(texts(await agent.lines(handle, { stream: "stdout", tail: 0 }))).toEqual([]);
      expect(texts(await agent.lines(handle, { stream: "stdout", tail: 1_000 }))).toEqual(numbered("out"));
      expect(await agent.lines(handle, { tail: 5 })).toHaveLength(5);
    },
  },
  {
    name: "since leaves out what was written before, and nothing that was written after",
    async run(scene) {
      const { agent, handle } = await printed(scene);
      const stream = "stdout";
      expect(texts(await agent.lines(handle, { stream, since: new Date(0) }))).toEqual(numbered("out"));
      expect(texts(await agent.lines(handle, { stream, since: new Date(Date.now() + 3_600_000) }))).toEqual([]);
    },
  },
  {
    name: "follow gives new lines as they come, and ends when its signal aborts",
    async run(scene) {
      const agent = await scene.agent();
      const instance = scene.instance(program({ kind: "talks" }));
      const handle = await agent.runReady(instance);
      const abort = new AbortController();
      const heard: string[] = [];
      const source = agent.logs(handle, { follow: true, signal: abort.signal });
      const reading = meanwhile(take(scene.options.deadlineMs, "follow", source, ({ text }) => heard.push(text) < 0));
      for (const said of ["said 1", "said 2"]) {
        await scene.harness.signalUnit(handle, "SIGUSR1");
        await scene.eventually(async () => expect(heard).toContain(said));
      }
      abort.abort();
      expect(texts(await reading)).toEqual(["ready", "said 1", "said 2"]);
      expect(await scene.alive(instance), "the unit after the reading was ended").not.toEqual([]);
    },
  },
  {
    name: "follow with tail 0 gives only what comes after",
    async run(scene) {
      const agent = await scene.agent();
      const handle = await agent.runReady(scene.instance(program({ kind: "talks" })));
      const abort = new AbortController();
      const heard: string[] = [];
      const source = agent.logs(handle, { follow: true, tail: 0, signal: abort.signal });
      const reading = meanwhile(take(scene.options.deadlineMs, "follow", source, ({ text }) => heard.push(text) < 0));
      await scene.eventually(async () => {
        // Said until it is heard: the reading may begin after the first time.
        await scene.harness.signalUnit(handle, "SIGUSR1");
        expect(heard).not.toEqual([]);
      });
      abort.abort();
      await reading;
      expect(heard[0]).toMatch(/^said \d+$/);
    },
  },
  {
    name: "follow ends when the unit has ended and all was read",
    async run(scene) {
      const agent = await scene.agent();
      const handle = await agent.run(scene.instance(program({ kind: "prints", lines: LINES })));
      const followed = await agent.lines(handle, { follow: true });
      expect(texts(followed.filter((line) => line.stream === "stdout"))).toEqual(numbered("out"));
      expect(texts(followed.filter((line) => line.stream === "stderr"))).toEqual(numbered("err"));
      await agent.exit(handle);
      expect(await agent.lines(handle, { follow: true })).toHaveLength(2 * LINES);
    },
  },
  {
    name: "a reading without follow ends at the present end of the logs of a unit that runs",
    async run(scene) {
      const agent = await scene.agent();
      const handle = await agent.runReady(scene.instance(program({ kind: "runs" })));
      expect(texts(await agent.lines(handle))).toEqual(["ready"]);
    },
  },
  {
    name: "bytes that are not UTF-8, empty lines and a last line without a line break are kept exactly",
    async run(scene) {
      const agent = await scene.agent();
      const handle = await agent.run(scene.instance(program({ kind: "prints-bytes" })));
      await agent.exit(handle);
      const lines = await agent.lines(handle);
      const expected = BYTES.toString("latin1").split("\n");
      expect(lines.map((line) => bytesOf(line).toString("latin1"))).toEqual(expected);
      expect(lines.map((line) => line.base64 !== undefined)).toEqual([false, true, false, false]);
      expect(lines[1]?.text).toContain("\uFFFD");
      expect(lines[1]?.text).toContain(" bytes");
    },
  },
  {
    name: "a line longer than 64 KiB comes in parts that say so, and is whole together",
    async run(scene) {
      const agent = await scene.agent();
      const handle = await agent.run(scene.instance(program({ kind: "prints-long-line" })));
      await agent.exit(handle);
      const lines = await agent.lines(handle);
      expect(lines.at(-1)).toMatchObject({ text: "end" });
      const parts = lines.slice(0, -1);
      expect(texts(parts).join("") === "x".repeat(LONG_LINE_BYTES), "the parts are the line").toBe(true);
      expect(parts.map((line) => line.partial === true)).toEqual(parts.map((_, i) => i < parts.length - 1));
      expect(Math.max(...parts.map((line) => line.text.length))).toBeLessThanOrEqual(MAX_LINE_BYTES);
    },
  },
];
