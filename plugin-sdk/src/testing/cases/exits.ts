import { expect } from "vitest";
import { program } from "../programs.ts";
import { meanwhile } from "../waiting.ts";
import type { CaseDefinition } from "./case-definition.ts";

function exits(name: string, does: Parameters<typeof program>[0], status: object): CaseDefinition {
  return {
    name,
    async run(scene) {
      const agent = await scene.agent();
      const handle = await agent.run(scene.instance(program(does)));
      expect(await agent.exit(handle)).toMatchObject(status);
    },
  };
}

/** How a run ended. */
export const exitCases: readonly CaseDefinition[] = [
  exits("exit with 0 is code 0 and no signal", { kind: "exits", code: 0 }, { code: 0, signal: null, oom: false }),
  exits("exit with 7 is code 7 and no signal", { kind: "exits", code: 7 }, { code: 7, signal: null, oom: false }),
  exits("exit with 127 is code 127 and no signal", { kind: "exits", code: 127 }, { code: 127, signal: null }),
  exits(
    "an end by SIGTERM is code 143 and the signal",
    { kind: "kills-itself", signal: "SIGTERM" },
    { code: 143, signal: "SIGTERM", oom: false },
  ),
  exits(
    "an end by SIGKILL is code 137 and the signal, and not for want of memory",
    { kind: "kills-itself", signal: "SIGKILL" },
    { code: 137, signal: "SIGKILL", oom: false },
  ),
  {
    name: "watch after the end tells the same end again, with the time when it came",
    async run(scene) {
      const agent = await scene.agent();
      const instance = scene.instance(program({ kind: "exits", code: 7 }));
      const handle = await agent.run(instance);
      const status = await agent.exit(handle);
      await scene.untilDead(instance);
      expect(await agent.exit(handle)).toEqual(status);
      expect(Math.abs(Date.parse(status.endedAt ?? "") - Date.now())).toBeLessThan(60_000);
    },
  },
  {
    name: "the end of a unit whose child runs on is the end of its main process",
    async run(scene) {
      const agent = await scene.agent();
      const handle = await agent.runReady(scene.instance(program({ kind: "leaves-child" })));
      expect(await agent.exit(handle)).toMatchObject({ code: 0, signal: null });
    },
  },
  {
    name: "a unit that an outsider kills is reported with the signal",
    async run(scene) {
      const agent = await scene.agent();
      const handle = await agent.runReady(scene.instance(program({ kind: "runs" })));
      const ended = meanwhile(agent.exit(handle));
      await scene.harness.signalUnit(handle, "SIGKILL");
      expect(await ended).toMatchObject({ code: 137, signal: "SIGKILL", oom: false });
    },
  },
];
