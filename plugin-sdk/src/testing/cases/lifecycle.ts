import { expect } from "vitest";
import { program } from "../programs.ts";
import { meanwhile, take, within } from "../waiting.ts";
import type { CaseDefinition } from "./case-definition.ts";

const RUNS = program({ kind: "runs" });

/** Start, the handle, and watch of a unit that runs. */
export const lifecycleCases: readonly CaseDefinition[] = [
  {
    name: "start makes a unit that runs",
    async run(scene) {
      const agent = await scene.agent();
      const instance = scene.instance(RUNS);
      await agent.runReady(instance);
      await scene.untilAlive(instance, 1);
      const alive = await scene.alive(instance);
      await scene.staysTrue(async () => expect(await scene.alive(instance)).toEqual(alive));
    },
  },
  {
    name: "the handle names owner, instance, run and start, and is plain JSON",
    async run(scene) {
      const agent = await scene.agent();
      const instance = scene.instance(RUNS, { run: 3 });
      const before = Date.now();
      await agent.prepare(instance);
      const handle = await within(scene.options.deadlineMs, "start", agent.runtime.start(instance));
      expect(JSON.parse(JSON.stringify(handle))).toEqual(handle);
      expect(handle).toMatchObject({ owner: scene.owner, instanceId: instance.instanceId, run: 3 });
      expect(Object.keys(handle.unit)).not.toEqual([]);
      // Engines have clocks of their own, and some record whole seconds.
      expect(Math.abs(Date.parse(handle.startedAt) - before)).toBeLessThan(60_000);
    },
  },
  {
    name: "start of a run that runs returns the same unit, and starts nothing",
    async run(scene) {
      const agent = await scene.agent();
      const instance = scene.instance(RUNS);
      const handle = await agent.runReady(instance);
      const alive = await scene.alive(instance);
      const again = await agent.start(instance);
      expect(again.unit).toEqual(handle.unit);
      expect(again.startedAt).toBe(handle.startedAt);
      await scene.staysTrue(async () => expect(await scene.alive(instance)).toEqual(alive));
      expect((await agent.lines(handle)).map((line) => line.text)).toEqual(["ready"]);
    },
  },
  {
    name: "start of a run that has ended returns its unit, and starts nothing",
    async run(scene) {
      const agent = await scene.agent();
      const instance = scene.instance(program({ kind: "exits", code: 7 }));
      const handle = await agent.run(instance);
      await agent.exit(handle);
      const again = await agent.start(instance);
      expect(again).toMatchObject({ unit: handle.unit, run: 1 });
      expect(await agent.exit(again)).toMatchObject({ code: 7 });
      await scene.untilDead(instance);
    },
  },
  {
    name: "start of the next run replaces the ended one and keeps its logs",
    async run(scene) {
      const agent = await scene.agent();
      const first = scene.instance(program({ kind: "prints", lines: 3 }));
      await agent.exit(await agent.run(first));
      const second = { ...first, run: 2, pkg: scene.harness.package(RUNS) };
      const handle = await agent.runReady(second);
      expect(handle.run).toBe(2);
      expect((await agent.list(scene.owner)).map((one) => one.run)).toEqual([2]);
      const lines = await agent.lines(handle, { stream: "stdout" });
      expect(lines.map((line) => line.text)).toEqual(["out 1", "out 2", "out 3", "ready"]);
    },
  },
  {
    name: "start of the next run ends what still runs of the one before",
    async run(scene) {
      const agent = await scene.agent();
      const first = scene.instance(RUNS);
      await agent.runReady(first);
      const old = await scene.alive(first);
      const second = { ...first, run: 2 };
      const handle = await agent.run(second);
      await scene.eventually(async () => {
        const alive = await scene.alive(second);
        expect(alive).not.toEqual([]);
        expect(
          alive.filter((id) => old.includes(id)),
          "processes of run 1",
        ).toEqual([]);
      });
      expect((await agent.list(scene.owner)).map((one) => one.run)).toEqual([handle.run]);
    },
  },
  {
    name: "many instances start at the same time, each as its own unit",
    async run(scene) {
      const agent = await scene.agent();
      const instances = Array.from({ length: 8 }, () => scene.instance(RUNS));
      const handles = await Promise.all(instances.map((instance) => agent.runReady(instance)));
      expect(new Set(handles.map((handle) => JSON.stringify(handle.unit))).size).toBe(8);
      const listed = (await agent.list(scene.owner)).map((handle) => handle.instanceId);
      expect(listed.toSorted()).toEqual(instances.map((instance) => instance.instanceId).toSorted());
    },
  },
  {
    name: "watch tells nothing of an end while the unit runs, and ends when its signal aborts",
    async run(scene) {
      const agent = await scene.agent();
      const instance = scene.instance(RUNS);
      const handle = await agent.runReady(instance);
      const abort = new AbortController();
      const watching = agent.runtime.watch(handle, abort.signal);
      const events = meanwhile(take(scene.options.deadlineMs, "watch", watching));
      await scene.staysTrue(async () => expect(await scene.alive(instance)).not.toEqual([]));
      abort.abort();
      expect((await events).map((event) => event.type)).not.toContain("exited");
      expect(await scene.alive(instance), "the unit after its watch was ended").not.toEqual([]);
    },
  },
  {
    name: "watch with a signal that was aborted before ends at once",
    async run(scene) {
      const agent = await scene.agent();
      const handle = await agent.runReady(scene.instance(RUNS));
      const watching = agent.runtime.watch(handle, AbortSignal.abort());
      expect((await take(scene.options.deadlineMs, "watch", watching)).map((event) => event.type)).not.toContain(
        "exited",
      );
    },
  },
  {
    name: "two watchers of one run both hear of its end",
    async run(scene) {
      const agent = await scene.agent();
      const handle = await agent.runReady(scene.instance(program({ kind: "exits-on", signal: "SIGTERM", code: 7 })));
      const both = meanwhile(Promise.all([agent.exit(handle), agent.exit(handle)]));
      await scene.harness.signalUnit(handle, "SIGTERM");
      const [first, second] = await both;
      expect(first).toMatchObject({ code: 7 });
      expect(second).toEqual(first);
    },
  },
];
