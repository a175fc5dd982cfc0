import { expect } from "vitest";
import { type Behaviour, program } from "../programs.ts";
import type { Scene } from "../scene.ts";
import type { TestAgent } from "../test-agent.ts";
import { meanwhile } from "../waiting.ts";
import { type CaseDefinition, unless } from "./case-definition.ts";

/** A stop with a grace that only a unit which resists will use up. */
function patiently(scene: Scene, signal = "SIGTERM"): { signal: string; graceMs: number } {
  return { signal, graceMs: scene.options.deadlineMs };
}

async function ready(scene: Scene, does: Behaviour) {
  const agent: TestAgent = await scene.agent();
  const instance = scene.instance(program(does));
  return { agent, instance, handle: await agent.runReady(instance) };
}

/** Stop and what it reaches. */
export const stoppingCases: readonly CaseDefinition[] = [
  {
    name: "stop sends the signal, waits for the end, and says how the run ended",
    async run(scene) {
      const { agent, instance, handle } = await ready(scene, { kind: "runs" });
      const { status, survivors } = await agent.stop(handle, patiently(scene));
      expect(status).toMatchObject({ code: 143, signal: "SIGTERM", oom: false });
      expect(survivors).toEqual([]);
      await scene.untilDead(instance);
    },
  },
  {
    name: "stop sends the very signal that it is given",
    async run(scene) {
      const { agent, handle } = await ready(scene, { kind: "exits-on", signal: "SIGINT", code: 9 });
      expect((await agent.stop(handle, patiently(scene, "SIGINT"))).status).toMatchObject({ code: 9, signal: null });
    },
  },
  {
    name: "a unit that does not handle SIGINT is ended by it",
    async run(scene) {
      const { agent, handle } = await ready(scene, { kind: "runs" });
      const { status } = await agent.stop(handle, patiently(scene, "SIGINT"));
      expect(status).toMatchObject({ code: 130, signal: "SIGINT" });
    },
  },
  {
    name: "stop lets a unit end in its own way within the grace",
    async run(scene) {
      const { agent, handle } = await ready(scene, { kind: "exits-on", signal: "SIGTERM", code: 7 });
      expect((await agent.stop(handle, patiently(scene))).status).toMatchObject({ code: 7, signal: null });
    },
  },
  {
    name: "watch tells the same end as the stop that caused it",
    async run(scene) {
      const { agent, handle } = await ready(scene, { kind: "runs" });
      const watched = meanwhile(agent.exit(handle));
      const { status } = await agent.stop(handle, patiently(scene));
      expect(await watched).toEqual(status);
    },
  },
  {
    name: "stop of a stopped run succeeds with the same status",
    async run(scene) {
      const { agent, handle } = await ready(scene, { kind: "runs" });
      const first = await agent.stop(handle, patiently(scene));
      expect(await agent.stop(handle, patiently(scene))).toEqual(first);
    },
  },
  {
    name: "stop of a run that ended by itself succeeds with its own status",
    async run(scene) {
      const agent = await scene.agent();
      const instance = scene.instance(program({ kind: "exits", code: 7 }));
      const handle = await agent.run(instance);
      const status = await agent.exit(handle);
      await scene.untilDead(instance);
      expect(await agent.stop(handle, patiently(scene))).toEqual({ status, survivors: [] });
    },
  },
  {
    name: "stop at the very moment of a run's own end tells the end that watch tells",
    async run(scene) {
      const agent = await scene.agent();
      for (let round = 0; round < 5; round += 1) {
        const instance = scene.instance(program({ kind: "exits", code: 7 }));
        const handle = await agent.run(instance);
        const { status, survivors } = await agent.stop(handle, patiently(scene));
        expect([7, 143]).toContain(status.code);
        expect(survivors).toEqual([]);
        expect(await agent.exit(handle)).toEqual(status);
      }
    },
  },
  {
    name: "a unit that ignores the signal is killed after its grace, not before",
    async run(scene) {
      const { graceMs } = scene.options;
      const { agent, instance, handle } = await ready(scene, { kind: "ignores-term" });
      const began = performance.now();
      const { status, survivors } = await agent.stop(handle, { signal: "SIGTERM", graceMs });
      // Timers may fire a little early by this clock.
      expect(performance.now() - began).toBeGreaterThan(graceMs * 0.9);
      expect(status).toMatchObject({ code: 137, signal: "SIGKILL", oom: false });
      expect(survivors).toEqual([]);
      await scene.untilDead(instance);
    },
  },
  {
    name: "a grace of 0 kills at once",
    async run(scene) {
      const { agent, instance, handle } = await ready(scene, { kind: "ignores-term" });
      const { status, survivors } = await agent.stop(handle, { signal: "SIGTERM", graceMs: 0 });
      expect(status).toMatchObject({ code: 137, signal: "SIGKILL" });
      expect(survivors).toEqual([]);
      await scene.untilDead(instance);
    },
  },
  {
    name: "stop reaches children, grandchildren, orphans, and a child in a session of its own",
    async run(scene) {
      const { agent, instance, handle } = await ready(scene, { kind: "tree" });
      await scene.untilAlive(instance, 5);
      expect((await agent.stop(handle, patiently(scene))).survivors).toEqual([]);
      expect(await scene.alive(instance), "what lives after stop has resolved").toEqual([]);
    },
  },
  {
    name: "a grace of 0 kills the whole tree at once",
    async run(scene) {
      const { agent, instance, handle } = await ready(scene, { kind: "tree" });
      await scene.untilAlive(instance, 5);
      expect((await agent.stop(handle, { signal: "SIGTERM", graceMs: 0 })).survivors).toEqual([]);
      expect(await scene.alive(instance), "what lives after stop has resolved").toEqual([]);
    },
  },
  {
    name: "stop reaches a daemon that has left its parent and its session",
    async run(scene) {
      const { agent, instance, handle } = await ready(scene, { kind: "daemonises" });
      await scene.untilAlive(instance, 2);
      expect((await agent.stop(handle, patiently(scene))).survivors).toEqual([]);
      expect(await scene.alive(instance), "what lives after stop has resolved").toEqual([]);
    },
  },
  {
    name: "stop after the main process has ended reaches what it left behind, and keeps its status",
    async run(scene) {
      const { agent, instance, handle } = await ready(scene, { kind: "leaves-child" });
      const status = await agent.exit(handle);
      expect(await agent.stop(handle, patiently(scene))).toEqual({ status, survivors: [] });
      expect(await scene.alive(instance), "what lives after stop has resolved").toEqual([]);
    },
  },
  {
    name: "stop names what it could not kill",
    leftOut: ({ makeUnkillable }) =>
      unless(makeUnkillable !== undefined, "the harness cannot make a process that survives SIGKILL"),
    async run(scene) {
      const { agent, instance, handle } = await ready(scene, { kind: "tree" });
      await scene.untilAlive(instance, 5);
      await scene.harness.makeUnkillable?.(handle);
      const { survivors } = await agent.stop(handle, { signal: "SIGTERM", graceMs: 0 });
      const alive = await scene.alive(instance);
      expect(alive, "processes that live after the stop").toHaveLength(1);
      expect(survivors).toEqual([expect.stringContaining(alive[0] ?? "?")]);
    },
  },
];
