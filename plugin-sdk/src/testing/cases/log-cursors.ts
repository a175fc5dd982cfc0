import { expect } from "vitest";
import type { LogLine, LogStream } from "../../runtime/logs.ts";
import { program } from "../programs.ts";
import type { CaseDefinition } from "./case-definition.ts";

const LINES = 5;
const STREAMS: readonly LogStream[] = ["stdout", "stderr"];

function textsOf(lines: readonly LogLine[], stream: LogStream): string[] {
  return lines.filter((line) => line.stream === stream).map((line) => line.text);
}

/** Cursors: where a reading goes on. */
export const logCursorCases: readonly CaseDefinition[] = [
  {
    name: "a reading after any line's cursor has exactly the lines after it, also for the next agent",
    async run(scene) {
      const first = await scene.agent();
      const handle = await first.run(scene.instance(program({ kind: "prints", lines: LINES })));
      await first.exit(handle);
      const lines = await first.lines(handle);
      expect(lines).toHaveLength(2 * LINES);
      const agent = await scene.agent();
      for (const [index, line] of lines.entries()) {
        const rest = await agent.lines(handle, { after: line.cursor });
        for (const stream of STREAMS) {
          expect(textsOf(rest, stream), `${stream} after "${line.text}"`).toEqual(
            textsOf(lines.slice(index + 1), stream),
          );
        }
      }
    },
  },
  {
    name: "after wins over tail",
    async run(scene) {
      const agent = await scene.agent();
      const handle = await agent.run(scene.instance(program({ kind: "prints", lines: LINES })));
      await agent.exit(handle);
      const lines = await agent.lines(handle, { stream: "stdout" });
      const rest = await agent.lines(handle, { stream: "stdout", after: lines[0]?.cursor ?? "", tail: 1 });
      expect(textsOf(rest, "stdout")).toEqual(["out 2", "out 3", "out 4", "out 5"]);
    },
  },
  {
    name: "a reading after logCursor has what is written later, and nothing from before",
    async run(scene) {
      const agent = await scene.agent();
      const handle = await agent.runReady(scene.instance(program({ kind: "talks" })));
      const cursor = await agent.logCursor(handle);
      expect(await agent.lines(handle, { after: cursor })).toEqual([]);
      await scene.harness.signalUnit(handle, "SIGUSR1");
      const later = await agent.linesUntil(handle, "said 1", { after: cursor });
      expect(later.map((line) => line.text)).toEqual(["said 1"]);
    },
  },
  {
    name: "a reading after the logCursor of an ended run has only what the next run writes",
    async run(scene) {
      const agent = await scene.agent();
      const first = scene.instance(program({ kind: "prints", lines: LINES }));
      const ended = await agent.run(first);
      await agent.exit(ended);
      const cursor = await agent.logCursor(ended);
      expect(await agent.lines(ended, { after: cursor })).toEqual([]);
      const second = { ...first, run: 2, pkg: scene.harness.package(program({ kind: "runs" })) };
      const handle = await agent.runReady(second);
      const lines = await (await scene.agent()).lines(handle, { after: cursor });
      expect(lines.map((line) => line.text)).toEqual(["ready"]);
    },
  },
  {
    name: "a cursor from the middle of one run reads on into the next one",
    async run(scene) {
      const agent = await scene.agent();
      const first = scene.instance(program({ kind: "prints", lines: LINES }));
      const ended = await agent.run(first);
      await agent.exit(ended);
      const [line] = await agent.lines(ended, { stream: "stdout" });
      const second = { ...first, run: 2, pkg: scene.harness.package(program({ kind: "runs" })) };
      const handle = await agent.runReady(second);
      const rest = await agent.lines(handle, { stream: "stdout", after: line?.cursor ?? "" });
      expect(textsOf(rest, "stdout")).toEqual(["out 2", "out 3", "out 4", "out 5", "ready"]);
    },
  },
];
