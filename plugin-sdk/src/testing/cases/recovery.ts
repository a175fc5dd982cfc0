import { expect } from "vitest";
import { program } from "../programs.ts";
import { type CaseDefinition, unless } from "./case-definition.ts";

const RUNS = program({ kind: "runs" });
const KILLS_IN_A_ROW = 20;
const KILL_MOMENTS_MS = [0, 1, 2, 5, 10, 20, 40];

/** Rules 1 and 2: what the next agent finds of a run after the one before was killed. */
export const recoveryCases: readonly CaseDefinition[] = [
  {
    name: "recover with the handle adopts the same unit, still running",
    async run(scene) {
      const instance = scene.instance(RUNS);
      const handle = await (await scene.agent()).runReady(instance);
      const alive = await scene.alive(instance);
      const adopted = await (await scene.agent()).adopt(instance, handle);
      expect(adopted).toMatchObject({ unit: handle.unit, startedAt: handle.startedAt });
      await scene.staysTrue(async () => expect(await scene.alive(instance)).toEqual(alive));
    },
  },
  {
    name: "recover without a handle finds the unit, when the agent died between create and record",
    async run(scene) {
      const instance = scene.instance(RUNS);
      const lost = await (await scene.agent()).runReady(instance);
      const alive = await scene.alive(instance);
      const agent = await scene.agent();
      const adopted = await agent.adopt(instance);
      expect(adopted).toMatchObject({ instanceId: instance.instanceId, unit: lost.unit, startedAt: lost.startedAt });
      expect((await agent.start(instance)).unit).toEqual(lost.unit);
      await scene.staysTrue(async () => expect(await scene.alive(instance)).toEqual(alive));
      await agent.stop(adopted, { signal: "SIGTERM", graceMs: scene.options.deadlineMs });
      await scene.untilDead(instance);
    },
  },
  {
    name: "a unit outlives a real process that is killed before its handle is recorded, and is adopted",
    leftOut: ({ startInDyingAgent }) =>
      unless(startInDyingAgent !== undefined, "the harness cannot start a unit from a process that is killed"),
    async run(scene) {
      const instance = scene.instance(RUNS);
      await scene.harness.startInDyingAgent?.(instance);
      await scene.untilAlive(instance, 1);
      const alive = await scene.alive(instance);
      const agent = await scene.agent();
      const adopted = await agent.adopt(instance);
      await agent.start(instance);
      await scene.staysTrue(async () => expect(await scene.alive(instance)).toEqual(alive));
      const { status } = await agent.stop(adopted, { signal: "SIGTERM", graceMs: scene.options.deadlineMs });
      expect(status).toMatchObject({ code: 143, signal: "SIGTERM" });
    },
  },
  {
    name: "whenever a real process is killed during start, the next one finds one unit, or none that can still come",
    leftOut: ({ startInDyingAgent }) =>
      unless(startInDyingAgent !== undefined, "the harness cannot start a unit from a process that is killed"),
    async run(scene) {
      for (const killAfterMs of KILL_MOMENTS_MS) {
        const instance = scene.instance(RUNS);
        await scene.harness.startInDyingAgent?.(instance, killAfterMs);
        const before = await scene.alive(instance);
        const agent = await scene.agent();
        const recovered = await agent.recover(instance);
        const at = `killed ${killAfterMs} ms after the call of start, then ${recovered.state}`;
        expect(["adopted", "gone"], at).toContain(recovered.state);
        if (recovered.state === "adopted") await scene.untilAlive(instance, 1);
        const alive = await scene.alive(instance);
        expect(alive.length, at).toBe(recovered.state === "adopted" ? 1 : 0);
        expect(alive, at).toEqual(expect.arrayContaining([...before]));
        await scene.staysTrue(async () => expect(await scene.alive(instance), at).toEqual(alive));
        expect((await agent.list(scene.owner)).length, at).toBe(alive.length);
        for (const handle of await agent.list(scene.owner)) {
          await agent.stop(handle, { signal: "SIGKILL", graceMs: 0 });
          await agent.remove(handle);
        }
      }
    },
  },
  {
    name: `${KILLS_IN_A_ROW} kills of the agent in a row keep the same unit, and the last agent can stop it`,
    async run(scene) {
      const instance = scene.instance(RUNS);
      let handle = await (await scene.agent()).runReady(instance);
      const { unit } = handle;
      const alive = await scene.alive(instance);
      for (let kill = 1; kill <= KILLS_IN_A_ROW; kill += 1) {
        // Every second agent dies before it has recorded the handle.
        handle = await (await scene.agent()).adopt(instance, kill % 2 === 0 ? handle : undefined);
        expect(handle.unit, `after ${kill} kills`).toEqual(unit);
        expect(await scene.alive(instance), `after ${kill} kills`).toEqual(alive);
      }
      const last = await scene.agent();
      const { status } = await last.stop(handle, { signal: "SIGTERM", graceMs: scene.options.deadlineMs });
      expect(status).toMatchObject({ code: 143, signal: "SIGTERM" });
      await scene.untilDead(instance);
    },
  },
  {
    name: "recover may be called twice",
    async run(scene) {
      const instance = scene.instance(RUNS);
      const handle = await (await scene.agent()).runReady(instance);
      const agent = await scene.agent();
      const adopted = await agent.adopt(instance, handle);
      expect(await agent.adopt(instance, adopted)).toMatchObject({ unit: handle.unit });
    },
  },
  {
    name: "a run that was never started is gone, and never runs by itself",
    async run(scene) {
      const first = await scene.agent();
      const instance = scene.instance(RUNS);
      await first.prepare(instance);
      const agent = await scene.agent();
      expect(await agent.recover(instance)).toEqual({ state: "gone" });
      expect(await agent.list(scene.owner)).toEqual([]);
      await scene.staysTrue(async () => expect(await scene.alive(instance)).toEqual([]));
    },
  },
  {
    name: "after a run is gone the next run starts, exactly once",
    async run(scene) {
      const agent = await scene.agent();
      const instance = scene.instance(RUNS);
      expect(await agent.recover(instance)).toEqual({ state: "gone" });
      const next = { ...instance, run: 2 };
      const handle = await agent.runReady(next);
      expect(await agent.list(scene.owner)).toMatchObject([{ instanceId: instance.instanceId, run: 2 }]);
      expect((await agent.lines(handle)).map((line) => line.text)).toEqual(["ready"]);
    },
  },
  {
    name: "a start of the run that was gone either runs it once, or is refused and runs nothing",
    async run(scene) {
      const agent = await scene.agent();
      const instance = scene.instance(RUNS);
      expect(await agent.recover(instance)).toEqual({ state: "gone" });
      const handle = await agent.run(instance).catch(() => undefined);
      if (handle === undefined) {
        await scene.staysTrue(async () => expect(await scene.alive(instance)).toEqual([]));
      } else {
        await scene.untilAlive(instance, 1);
        expect((await agent.adopt(instance)).unit).toEqual(handle.unit);
      }
    },
  },
  {
    name: "an earlier run is not taken for a later one",
    async run(scene) {
      const instance = scene.instance(program({ kind: "exits", code: 7 }));
      const agent = await scene.agent();
      const handle = await agent.run(instance);
      await agent.exit(handle);
      expect(await (await scene.agent()).recover({ ...instance, run: 2 })).toEqual({ state: "gone" });
    },
  },
];
