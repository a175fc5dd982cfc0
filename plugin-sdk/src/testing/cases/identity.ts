import { expect } from "vitest";
import { isUnknownExit } from "../../runtime/exit-status.ts";
import { program } from "../programs.ts";
import { meanwhile } from "../waiting.ts";
import { type CaseDefinition, unless } from "./case-definition.ts";

const RUNS = program({ kind: "runs" });

/** Rules 7 and 8: what is not known is not guessed. */
export const identityCases: readonly CaseDefinition[] = [
  {
    name: "a unit whose helper was killed ends as unknown, never with code 0",
    leftOut: ({ killHelper }) => unless(killHelper !== undefined, "the runtime keeps no helper beside a unit"),
    async run(scene) {
      const agent = await scene.agent();
      const instance = scene.instance(RUNS);
      const handle = await agent.runReady(instance);
      const ended = meanwhile(agent.exit(handle));
      await scene.harness.killHelper?.(handle);
      if ((await scene.alive(instance)).length > 0) await scene.harness.signalUnit(handle, "SIGKILL");
      expect(await ended).toSatisfy(isUnknownExit);
      const { status, survivors } = await agent.stop(handle, { signal: "SIGTERM", graceMs: scene.options.deadlineMs });
      expect(status).toSatisfy(isUnknownExit);
      expect(survivors).toEqual([]);
      expect(await scene.alive(instance), "what lives after stop has resolved").toEqual([]);
    },
  },
  {
    name: "a unit whose helper was killed while no agent lived is never run twice, and ends as unknown",
    leftOut: ({ killHelper }) => unless(killHelper !== undefined, "the runtime keeps no helper beside a unit"),
    async run(scene) {
      const instance = scene.instance(RUNS);
      const handle = await (await scene.agent()).runReady(instance);
      const alive = await scene.alive(instance);
      await scene.harness.killHelper?.(handle);
      const agent = await scene.agent();
      const recovered = await agent.recover(instance, handle);
      expect(recovered.state).not.toBe("gone");
      expect(alive).toEqual(expect.arrayContaining([...(await scene.alive(instance))]));
      await agent.stop(handle, { signal: "SIGKILL", graceMs: 0 });
      const { status } = await scene.nextAgentFindsEnd(instance, handle);
      expect(status).toSatisfy(isUnknownExit);
    },
  },
  {
    name: "a stranger who got the unit's id is not adopted, not signalled, and not taken for the unit",
    leftOut: ({ reuseId }) => unless(reuseId !== undefined, "the harness cannot have a unit's id used again"),
    async run(scene) {
      const first = await scene.agent();
      const instance = scene.instance(RUNS);
      const handle = await first.runReady(instance);
      await first.stop(handle, { signal: "SIGKILL", graceMs: 0 });
      const reused = await scene.harness.reuseId?.(handle);
      if (reused === undefined) throw new Error("the harness did not have the id used again");
      const agent = await scene.agent();
      const recovered = await agent.recover(instance, reused.handle);
      expect(recovered.state).not.toBe("adopted");
      const { status, survivors } = await agent.stop(reused.handle, { signal: "SIGKILL", graceMs: 0 });
      expect(status.code).not.toBe(0);
      expect(survivors).toEqual([]);
      await agent.remove(reused.handle);
      await scene.staysTrue(async () => expect(await reused.strangerLives(), "the stranger lives").toBe(true));
    },
  },
];
