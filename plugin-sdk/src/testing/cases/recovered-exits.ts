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
      const agent = await scene.agent();
      await scene.eventually(async () => {
        expect(await agent.recover(instance)).toMatchObject({ state: "exited", status: { code: 7, signal: null } });
      });
    },
  },
  {
    name: "an exit while no agent lived is reported with its true code, with and without the handle",
    async run(scene) {
      const instance = scene.instance(program({ kind: "exits-on", signal: "SIGTERM", code: 7 }));
      const handle = await (await scene.agent()).runReady(instance);
      await scene.harness.signalUnit(handle, "SIGTERM");
      await scene.untilDead(instance);
      for (const known of [handle, undefined]) {
        const recovered = await (await scene.agent()).recover(instance, known);
        expect(recovered).toMatchObject({ state: "exited", status: { code: 7, signal: null, oom: false } });
      }
    },
  },
  {
    name: "a death by signal while no agent lived is reported with the signal",
    async run(scene) {
      const instance = scene.instance(RUNS);
      const handle = await (await scene.agent()).runReady(instance);
      await scene.harness.signalUnit(handle, "SIGKILL");
      await scene.untilDead(instance);
      const recovered = await (await scene.agent()).recover(instance, handle);
      expect(recovered).toMatchObject({ state: "exited", status: { code: 137, signal: "SIGKILL" } });
    },
  },
  {
    name: "the handle of an exit that recover reports reaches watch, stop and logs",
    async run(scene) {
      const instance = scene.instance(program({ kind: "exits-on", signal: "SIGTERM", code: 7 }));
      const handle = await (await scene.agent()).runReady(instance);
      await scene.harness.signalUnit(handle, "SIGTERM");
      await scene.untilDead(instance);
      const agent = await scene.agent();
      const recovered = await agent.recover(instance);
      if (recovered.state !== "exited") throw new Error(`recover said ${recovered.state} of a run that ended`);
      expect(await agent.exit(recovered.handle)).toEqual(recovered.status);
      const stopped = await agent.stop(recovered.handle, { signal: "SIGTERM", graceMs: scene.options.deadlineMs });
      expect(stopped.status).toEqual(recovered.status);
      expect((await agent.lines(recovered.handle)).map((line) => line.text)).toEqual(["ready"]);
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
