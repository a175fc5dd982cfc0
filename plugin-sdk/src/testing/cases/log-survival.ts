import { expect } from "vitest";
import type { LogLine } from "../../runtime/logs.ts";
import { FLOOD_LINE_BYTES, program } from "../programs.ts";
import type { Scene } from "../scene.ts";
import { within } from "../waiting.ts";
import type { CaseDefinition } from "./case-definition.ts";

const AGENTS = 5;
const LINES_PER_AGENT = 10;

/**
 * Reads a flood to its end and holds every line against the one before: in order, none twice, and what is missing is
 * owned up to in `skipped`, to the byte.
 */
async function expectHonestFlood(scene: Scene, lines: AsyncIterator<LogLine>, last = 0): Promise<number> {
  const read = async () => {
    let before = last;
    for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
      const number = Number(next.value.text);
      const missing = (number - before - 1) * FLOOD_LINE_BYTES;
      if (missing !== (next.value.skipped ?? 0)) {
        throw new Error(`line ${number} came after line ${before} with skipped ${next.value.skipped}, not ${missing}`);
      }
      before = number;
    }
    return before;
  };
  return within(scene.options.deadlineMs, "reading the flood", read());
}

/** Rule 6: nothing is lost by a crash, and no reader and no flood harms the unit. */
export const logSurvivalCases: readonly CaseDefinition[] = [
  {
    name: "lines that are written while agents come and go are neither lost nor repeated",
    async run(scene) {
      const instance = scene.instance(program({ kind: "counts" }));
      let handle = await (await scene.agent()).run(instance);
      const read: LogLine[] = [];
      for (let life = 1; life <= AGENTS; life += 1) {
        const agent = await scene.agent();
        handle = await agent.adopt(instance, handle);
        const after = read.at(-1)?.cursor;
        const source = agent.logs(handle, { follow: true, ...(after === undefined ? {} : { after }) });
        const reader = source[Symbol.asyncIterator]();
        // The reader is left without a word: its agent was killed.
        for (let taken = 0; taken < LINES_PER_AGENT; taken += 1) {
          const next = await within(scene.options.deadlineMs, "the next line", reader.next());
          if (next.done === true) throw new Error("the reading ended while the unit ran");
          read.push(next.value);
        }
      }
      const agent = await scene.agent();
      await agent.stop(handle, { signal: "SIGTERM", graceMs: scene.options.deadlineMs });
      read.push(...(await agent.lines(handle, { after: read.at(-1)?.cursor ?? "" })));
      expect(read.map((line) => line.text)).toEqual(read.map((_, index) => String(index + 1)));
      expect((await agent.lines(handle)).map((line) => line.text)).toEqual(read.map((line) => line.text));
    },
  },
  {
    name: "lines that are written while no agent lives are there for the next one",
    async run(scene) {
      const instance = scene.instance(program({ kind: "prints", lines: 10 }));
      await (await scene.agent()).run(instance);
      const { agent, handle } = await scene.nextAgentFindsEnd(instance);
      const lines = await agent.lines(handle, { stream: "stderr" });
      expect(lines.map((line) => line.text)).toEqual(lines.map((_, index) => `err ${index + 1}`));
      expect(lines).toHaveLength(10);
    },
  },
  {
    name: "a flood that nobody reads does not block or kill the unit, and what was dropped is owned up to",
    async run(scene) {
      const { floodLines } = scene.options;
      const agent = await scene.agent();
      const handle = await agent.run(scene.instance(program({ kind: "floods", lines: floodLines })));
      expect(await agent.exit(handle)).toMatchObject({ code: 0, signal: null });
      const lines = agent.logs(handle, { stream: "stdout" })[Symbol.asyncIterator]();
      expect(await expectHonestFlood(scene, lines), "the last line").toBe(floodLines);
    },
  },
  {
    name: "a flood is whole for a reader who follows it, but for what is owned up to as dropped",
    async run(scene) {
      const { floodLines } = scene.options;
      const agent = await scene.agent();
      const handle = await agent.run(scene.instance(program({ kind: "floods", lines: floodLines })));
      const lines = agent.logs(handle, { stream: "stdout", follow: true })[Symbol.asyncIterator]();
      expect(await expectHonestFlood(scene, lines), "the last line").toBe(floodLines);
      expect(await agent.exit(handle)).toMatchObject({ code: 0, signal: null });
    },
  },
  {
    name: "a reader who takes one line and no more does not block the unit, and can read on later",
    async run(scene) {
      const lines = Math.ceil(scene.options.floodLines / 10);
      const agent = await scene.agent();
      const handle = await agent.run(scene.instance(program({ kind: "floods", lines })));
      const reader = agent.logs(handle, { stream: "stdout", follow: true })[Symbol.asyncIterator]();
      const first = await within(scene.options.deadlineMs, "the first line", reader.next());
      expect(await agent.exit(handle)).toMatchObject({ code: 0, signal: null });
      expect(await expectHonestFlood(scene, reader, Number(first.value?.text)), "the last line").toBe(lines);
    },
  },
  {
    name: "tail of a flood has its last lines",
    async run(scene) {
      const { floodLines } = scene.options;
      const agent = await scene.agent();
      const handle = await agent.run(scene.instance(program({ kind: "floods", lines: floodLines })));
      await agent.exit(handle);
      const lines = await agent.lines(handle, { stream: "stdout", tail: 3 });
      expect(lines.map((line) => Number(line.text))).toEqual([floodLines - 2, floodLines - 1, floodLines]);
    },
  },
];
