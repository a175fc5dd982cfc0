import { expect } from "vitest";
import { program } from "../programs.ts";
import type { Scene } from "../scene.ts";
import { type CaseDefinition, unless } from "./case-definition.ts";

async function removed(scene: Scene) {
  const agent = await scene.agent();
  const instance = scene.instance(program({ kind: "prints", lines: 3 }));
  const handle = await agent.run(instance);
  await agent.exit(handle);
  await agent.remove(handle);
  return { agent, instance, handle };
}

/** Remove, and what it leaves: nothing. */
export const removalCases: readonly CaseDefinition[] = [
  {
    name: "remove takes the unit off the list",
    async run(scene) {
      const { agent } = await removed(scene);
      expect(await agent.list(scene.owner)).toEqual([]);
      expect(await (await scene.agent()).list(scene.owner)).toEqual([]);
    },
  },
  {
    name: "remove of a removed unit succeeds, also by the next agent",
    async run(scene) {
      const { agent, handle } = await removed(scene);
      await agent.remove(handle);
      await (await scene.agent()).remove(handle);
    },
  },
  {
    name: "stop of a removed unit succeeds, and leaves nothing behind",
    async run(scene) {
      const { agent, instance, handle } = await removed(scene);
      const { survivors } = await agent.stop(handle, { signal: "SIGTERM", graceMs: scene.options.deadlineMs });
      expect(survivors).toEqual([]);
      expect(await agent.list(scene.owner)).toEqual([]);
      expect(await scene.alive(instance)).toEqual([]);
    },
  },
  {
    name: "remove takes the logs too: the next start of the instance begins with none",
    async run(scene) {
      const { agent, instance } = await removed(scene);
      const again = { ...instance, run: 2, pkg: scene.harness.package(program({ kind: "runs" })) };
      const handle = await agent.runReady(again);
      expect((await agent.lines(handle)).map((line) => line.text)).toEqual(["ready"]);
    },
  },
  {
    name: "remove leaves no trace of the instance",
    leftOut: ({ traces }) => unless(traces !== undefined, "the harness cannot see what the runtime keeps"),
    async run(scene) {
      const { instance } = await removed(scene);
      await scene.eventually(async () => expect(await scene.harness.traces?.(instance)).toEqual([]));
    },
  },
  {
    name: "remove of an instance that was prepared and never ran leaves no trace of it",
    leftOut: ({ traces }) => unless(traces !== undefined, "the harness cannot see what the runtime keeps"),
    async run(scene) {
      const instance = scene.instance(program({ kind: "runs" }));
      await (await scene.agent()).prepare(instance);
      const agent = await scene.agent();
      expect(await agent.recover(instance)).toEqual({ state: "gone" });
      await agent.remove(instance);
      await scene.eventually(async () => expect(await scene.harness.traces?.(instance)).toEqual([]));
      expect(await agent.list(scene.owner)).toEqual([]);
    },
  },
  {
    name: "remove of an instance that the runtime has never heard of succeeds",
    async run(scene) {
      const agent = await scene.agent();
      await agent.remove(scene.instance(program({ kind: "runs" })));
      expect(await agent.list(scene.owner)).toEqual([]);
    },
  },
  {
    name: "remove of one instance leaves the others of the same owner",
    async run(scene) {
      const agent = await scene.agent();
      const kept = scene.instance(program({ kind: "runs" }));
      await agent.runReady(kept);
      const alive = await scene.alive(kept);
      await removed(scene);
      expect(await scene.alive(kept)).toEqual(alive);
      expect((await agent.list(scene.owner)).map((handle) => handle.instanceId)).toEqual([kept.instanceId]);
    },
  },
];
