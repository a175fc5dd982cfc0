import { expect } from "vitest";
import { program } from "../programs.ts";
import { meanwhile } from "../waiting.ts";
import { type CaseDefinition, unless } from "./case-definition.ts";

const RUNS = program({ kind: "runs" });

/** Rule 3: exits that happened while no agent lived, or under another agent. */
export const recoveredExitCases: readonly CaseDefinition[] = [
  {
    name: "an exit after a real process was killed is reported by the next one with its true code",
    leftOut: ({ startInDyingAgent }) =>
      unless(startInDyingAgent !== undefined, "the harness cannot start a unit from a process that is killed"),
    async run(scene) {
      const instance = scene.instance(program({ kind: "exits", code: 7 }));
      await scene.harness.startInDyingAgent?.(instance);
      const { status } = await scene.nextAgentFindsEnd(instance);
      expect(status).toMatchObject({ code: 7, signal: null });
    },
  },
  {
    name: "an exit while no agent lived is reported with its true code, with and without the handle",
    async run(scene) {
      const instance = scene.instance(program({ kind: "exits-on", signal: "SIGTERM", code: 7 }));
      const handle = await (await scene.agent()).runReady(instance);
      await scene.harness.signalUnit(handle, "SIGTERM");
      for (const known of [handle, undefined]) {
        const { status } = await scene.nextAgentFindsEnd(instance, known);
        expect(status).toMatchObject({ code: 7, signal: null, oom: false });
      }
    },
  },
  {
    name: "a death by signal while no agent lived is reported with the signal",
    async run(scene) {
      const instance = scene.instance(RUNS);
      const handle = await (await scene.agent()).runReady(instance);
      await scene.harness.signalUnit(handle, "SIGKILL");
      const { status } = await scene.nextAgentFindsEnd(instance, handle);
      expect(status).toMatchObject({ code: 137, signal: "SIGKILL", oom: false });
    },
  },
  {
    name: "the handle of an exit that recover reports reaches watch, stop and logs",
    async run(scene) {
      const instance = scene.instance(program({ kind: "exits-on", signal: "SIGTERM", code: 7 }));
      const handle = await (await scene.agent()).runReady(instance);
      await scene.harness.signalUnit(handle, "SIGTERM");
      const { agent, handle: found, status } = await scene.nextAgentFindsEnd(instance);
      expect(await agent.exit(found)).toEqual(status);
      const stopped = await agent.stop(found, { signal: "SIGTERM", graceMs: scene.options.deadlineMs });
      expect(stopped.status).toEqual(status);
      expect((await agent.lines(found)).map((line) => line.text)).toEqual(["ready"]);
    },
  },
  {
    name: "an adopted unit is watched to its true end",
    async run(scene) {
      const instance = scene.instance(program({ kind: "exits-on", signal: "SIGTERM", code: 7 }));
      const handle = await (await scene.agent()).runReady(instance);
      const agent = await scene.agent();
      const ended = meanwhile(agent.exit(await agent.adopt(instance, handle)));
      await scene.harness.signalUnit(handle, "SIGTERM");
      expect(await ended).toMatchObject({ code: 7, signal: null });
    },
  },
];
