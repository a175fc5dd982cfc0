import { expect } from "vitest";
import { program } from "../programs.ts";
import type { Scene } from "../scene.ts";
import type { CaseDefinition } from "./case-definition.ts";

const RUNS = program({ kind: "runs" });

/** An instance of this agent that runs, and one of another agent with the same instance id. */
async function namesakes(scene: Scene) {
  const mine = scene.instance(RUNS, { instanceId: "shared.name-1" });
  const theirs = scene.instance(RUNS, { instanceId: "shared.name-1", owner: scene.otherOwner });
  const me = await scene.agent();
  const they = await scene.agent(scene.otherOwner);
  return { mine, theirs, me, they, handle: await me.runReady(mine) };
}

/** Rule 5: two agents on one machine or engine. */
export const ownershipCases: readonly CaseDefinition[] = [
  {
    name: "list has all units of its owner, running and ended",
    async run(scene) {
      const agent = await scene.agent();
      const running = scene.instance(RUNS);
      const ended = scene.instance(program({ kind: "exits", code: 0 }));
      await agent.runReady(running);
      await agent.exit(await agent.run(ended));
      const listed = await (await scene.agent()).list(scene.owner);
      expect(listed.map((handle) => handle.instanceId).toSorted()).toEqual(
        [running.instanceId, ended.instanceId].toSorted(),
      );
      expect(listed).toEqual(listed.map((handle) => ({ ...handle, owner: scene.owner, run: 1 })));
    },
  },
  {
    name: "list has the very handles by which units are stopped and removed, as the orphan sweep does",
    async run(scene) {
      const instance = scene.instance(RUNS);
      await (await scene.agent()).runReady(instance);
      const agent = await scene.agent();
      const listed = await agent.list(scene.owner);
      expect(listed).toHaveLength(1);
      for (const handle of listed) {
        await agent.stop(handle, { signal: "SIGTERM", graceMs: scene.options.deadlineMs });
        await agent.remove(handle);
      }
      await scene.untilDead(instance);
      expect(await agent.list(scene.owner)).toEqual([]);
    },
  },
  {
    name: "list has no unit of another owner",
    async run(scene) {
      const { they } = await namesakes(scene);
      expect(await they.list(scene.otherOwner)).toEqual([]);
    },
  },
  {
    name: "recover without a handle does not adopt a namesake of another owner",
    async run(scene) {
      const { mine, theirs, they } = await namesakes(scene);
      const alive = await scene.alive(mine);
      expect(await they.recover(theirs)).toEqual({ state: "gone" });
      await scene.staysTrue(async () => expect(await scene.alive(mine)).toEqual(alive));
    },
  },
  {
    name: "recover does not adopt by a handle of another owner",
    async run(scene) {
      const { mine, theirs, they, handle } = await namesakes(scene);
      const alive = await scene.alive(mine);
      const recovered = await they.recover(theirs, handle).catch(() => undefined);
      expect(recovered?.state).not.toBe("adopted");
      expect(await scene.alive(mine)).toEqual(alive);
    },
  },
  {
    name: "start makes a unit of its own beside a namesake of another owner",
    async run(scene) {
      const { mine, theirs, they, handle } = await namesakes(scene);
      const alive = await scene.alive(mine);
      const other = await they.runReady(theirs);
      expect(other.unit).not.toEqual(handle.unit);
      expect(other.owner).toBe(scene.otherOwner);
      expect(await scene.alive(mine)).toEqual(alive);
      expect(await scene.alive(theirs)).not.toEqual([]);
    },
  },
  {
    name: "stop leaves a namesake of another owner running",
    async run(scene) {
      const { mine, theirs, they } = await namesakes(scene);
      const alive = await scene.alive(mine);
      const other = await they.runReady(theirs);
      await they.stop(other, { signal: "SIGKILL", graceMs: 0 });
      await scene.untilDead(theirs);
      await scene.staysTrue(async () => expect(await scene.alive(mine)).toEqual(alive));
    },
  },
  {
    name: "remove leaves a namesake of another owner, and its logs",
    async run(scene) {
      const { mine, theirs, me, they, handle } = await namesakes(scene);
      const alive = await scene.alive(mine);
      const other = await they.runReady(theirs);
      await they.stop(other, { signal: "SIGKILL", graceMs: 0 });
      await they.remove(other);
      await scene.staysTrue(async () => expect(await scene.alive(mine)).toEqual(alive));
      expect((await me.list(scene.owner)).map((one) => one.unit)).toEqual([handle.unit]);
      expect((await me.lines(handle)).map((line) => line.text)).toEqual(["ready"]);
    },
  },
  {
    name: "logs have no line of a namesake of another owner",
    async run(scene) {
      const { mine, theirs, me, they, handle } = await namesakes(scene);
      const talker = { ...theirs, pkg: scene.harness.package(program({ kind: "prints", lines: 3 })) };
      const other = await they.run(talker);
      await they.exit(other);
      expect((await they.lines(other, { stream: "stdout" })).map((line) => line.text)).toEqual([
        "out 1",
        "out 2",
        "out 3",
      ]);
      expect((await me.lines(handle)).map((line) => line.text)).toEqual(["ready"]);
      expect(await scene.alive(mine)).not.toEqual([]);
    },
  },
];
