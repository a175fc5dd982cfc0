import { expect } from "vitest";
import type { RuntimeHarness } from "../harness.ts";
import { program } from "../programs.ts";
import { refusal, refusalOfInput } from "../test-agent.ts";
import { type CaseDefinition, unless } from "./case-definition.ts";

const withStats = ({ capabilities }: RuntimeHarness) => unless(capabilities.stats, "the runtime declares no stats");

/** Stats and actions, by capability. */
export const usageCases: readonly CaseDefinition[] = [
  {
    name: "stats has memory, processes and the time of a unit that runs",
    leftOut: withStats,
    async run(scene) {
      const agent = await scene.agent();
      const handle = await agent.runReady(scene.instance(program({ kind: "runs" })));
      const usage = await agent.stats(handle);
      expect(usage.memory_bytes).toBeGreaterThan(0);
      expect(usage.processes).toBeGreaterThanOrEqual(1);
      expect(usage.cpu_seconds).toBeGreaterThanOrEqual(0);
      expect(Math.abs(Date.parse(usage.at) - Date.now())).toBeLessThan(60_000);
    },
  },
  {
    name: "stats counts the whole process tree",
    leftOut: withStats,
    async run(scene) {
      const agent = await scene.agent();
      const instance = scene.instance(program({ kind: "tree" }));
      const handle = await agent.runReady(instance);
      await scene.untilAlive(instance, 5);
      await scene.eventually(async () => {
        expect((await agent.stats(handle)).processes).toBeGreaterThanOrEqual(5);
      });
    },
  },
  {
    name: "cpu_seconds of a busy unit rises and never falls, also for the next agent",
    leftOut: withStats,
    async run(scene) {
      const instance = scene.instance(program({ kind: "busy" }));
      const handle = await (await scene.agent()).runReady(instance);
      const seen: number[] = [];
      await scene.eventually(async () => {
        seen.push((await (await scene.agent()).stats(handle)).cpu_seconds);
        expect((seen.at(-1) ?? 0) - (seen[0] ?? 0), "seconds of processor time").toBeGreaterThan(0.1);
      });
      expect(seen, "never falls").toEqual(seen.toSorted((a, b) => a - b));
    },
  },
  {
    name: "stats of a run that has ended is refused as NOT_RUNNING (409)",
    leftOut: withStats,
    async run(scene) {
      const agent = await scene.agent();
      const instance = scene.instance(program({ kind: "exits", code: 0 }));
      const handle = await agent.run(instance);
      await agent.exit(handle);
      expect(await refusal(agent.stats(handle))).toMatchObject({ code: "NOT_RUNNING", status: 409 });
    },
  },
  {
    name: "an action that the runtime does not have is refused with a 4xx error",
    leftOut: ({ capabilities }) => unless(capabilities.actions.length > 0, "the runtime declares no actions"),
    async run(scene) {
      const agent = await scene.agent();
      const instance = scene.instance(program({ kind: "runs" }));
      const handle = await agent.runReady(instance);
      await refusalOfInput(agent.action(handle, "no-such-action", {}));
      expect(await scene.alive(instance)).not.toEqual([]);
    },
  },
];
