import { expect } from "vitest";
import { errorText } from "../../error.ts";
import { program } from "../programs.ts";
import { refusal, refusalOfInput } from "../test-agent.ts";
import { meanwhile } from "../waiting.ts";
import { type CaseDefinition, unless } from "./case-definition.ts";
import { accepts, looseObjects } from "./schemas.ts";

/** Before anything runs: check, schemas, admit, prepare. */
export const admissionCases: readonly CaseDefinition[] = [
  {
    name: "check says that the runtime is usable where the suite runs",
    async run(scene) {
      const agent = await scene.agent();
      expect(await agent.check()).toMatchObject({ usable: true });
    },
  },
  {
    name: "the runtime has a name and the capabilities that the harness was made for",
    async run(scene) {
      const { runtime } = await scene.agent();
      expect(runtime.name).toMatch(/^[a-z0-9][a-z0-9._-]*$/);
      expect(runtime.capabilities).toEqual(scene.harness.capabilities);
    },
  },
  {
    name: "the schema of every package type accepts its sample",
    async run(scene) {
      const { runtime } = await scene.agent();
      expect(Object.keys(runtime.packageSchemas).toSorted()).toEqual(Object.keys(scene.harness.samples).toSorted());
      for (const [type, schema] of Object.entries(runtime.packageSchemas)) {
        expect(accepts(schema, scene.harness.samples[type]), type).toBe(true);
      }
    },
  },
  {
    name: "the schema of every package type refuses an unknown field, at every depth",
    async run(scene) {
      const { runtime } = await scene.agent();
      for (const [type, schema] of Object.entries(runtime.packageSchemas)) {
        const misspelt = { ...scene.harness.samples[type], enviroment: {} };
        expect(accepts(schema, misspelt), `${type} with the unknown field "enviroment"`).toBe(false);
        expect(looseObjects(schema), `objects in the schema of ${type} that take unknown fields`).toEqual([]);
      }
    },
  },
  {
    name: "the schema of every package type refuses a package of another type",
    async run(scene) {
      const { runtime } = await scene.agent();
      for (const [type, schema] of Object.entries(runtime.packageSchemas)) {
        expect(accepts(schema, { ...scene.harness.samples[type], type: "another" }), type).toBe(false);
      }
    },
  },
  {
    name: "admit accepts a package that can run, and starts nothing",
    async run(scene) {
      const agent = await scene.agent();
      const instance = scene.instance(program({ kind: "runs" }));
      await agent.admit(instance);
      await scene.staysTrue(async () => expect(await scene.alive(instance)).toEqual([]));
      expect(await agent.list(scene.owner)).toEqual([]);
    },
  },
  {
    name: "admit refuses what cannot run with a 4xx error that names the place in pkg, and changes nothing",
    leftOut: ({ inadmissible }) =>
      unless(inadmissible !== undefined, "the harness has no package that admit has to refuse"),
    async run(scene) {
      const agent = await scene.agent();
      const pkg = scene.harness.inadmissible?.();
      if (pkg === undefined) throw new Error("the harness has lost its inadmissible package");
      const instance = scene.instanceOf(pkg);
      const error = await refusalOfInput(agent.admit(instance));
      expect(error.issues.map((issue) => issue.path ?? "")).toContainEqual(expect.stringMatching(/^pkg\b/));
      expect(await scene.alive(instance)).toEqual([]);
      expect(await agent.list(scene.owner)).toEqual([]);
      expect((await scene.harness.traces?.(instance)) ?? []).toEqual([]);
    },
  },
  {
    name: "prepare may be called twice",
    async run(scene) {
      const agent = await scene.agent();
      const instance = scene.instance(program({ kind: "runs" }));
      await agent.prepare(instance);
      await agent.prepare(instance);
      await agent.start(instance);
      await scene.untilAlive(instance, 1);
    },
  },
  {
    name: "prepare settles when its signal aborts, and the next agent completes it",
    async run(scene) {
      const first = await scene.agent();
      const instance = scene.instance(program({ kind: "exits", code: 7 }));
      const abort = new AbortController();
      const cutShort = first.prepare(instance, abort.signal).catch((thrown: unknown) => errorText(thrown));
      abort.abort();
      expect((await cutShort) ?? "").not.toMatch(/not within/);
      const second = await scene.agent();
      await second.prepare(instance);
      const handle = await second.start(instance);
      expect(await second.exit(handle)).toMatchObject({ code: 7 });
    },
  },
  {
    name: "prepare that hangs is ended by its signal",
    leftOut: ({ preparesForever }) =>
      unless(preparesForever !== undefined, "the harness has no package whose prepare hangs"),
    async run(scene) {
      const agent = await scene.agent();
      const pkg = await scene.harness.preparesForever?.();
      if (pkg === undefined) throw new Error("the harness has lost its package whose prepare hangs");
      const abort = new AbortController();
      const prepared = meanwhile(agent.prepare(scene.instanceOf(pkg), abort.signal));
      abort.abort();
      await expect(prepared).rejects.toThrow();
      await expect(prepared).rejects.not.toThrow(/not within/);
    },
  },
  {
    name: "start of a command that does not exist is refused, and leaves nothing that runs or will run",
    async run(scene) {
      const agent = await scene.agent();
      const instance = scene.instanceOf(scene.harness.commandMissing());
      await agent.prepare(instance);
      await refusal(agent.start(instance));
      await scene.staysTrue(async () => expect(await scene.alive(instance)).toEqual([]));
      expect(await agent.list(scene.owner)).toEqual([]);
      expect(await agent.recover(instance)).toEqual({ state: "gone" });
    },
  },
  {
    name: "start in a working directory that vanished is refused, and leaves nothing that runs or will run",
    leftOut: ({ workingDirectory }) =>
      unless(workingDirectory !== undefined, "the harness has no working directory that can vanish"),
    async run(scene) {
      const agent = await scene.agent();
      const made = await scene.harness.workingDirectory?.();
      if (made === undefined) throw new Error("the harness has lost its working directory");
      const instance = scene.instanceOf(made.pkg);
      await agent.admit(instance);
      await agent.prepare(instance);
      await made.vanish();
      await refusal(agent.start(instance));
      await scene.staysTrue(async () => expect(await scene.alive(instance)).toEqual([]));
      expect(await agent.list(scene.owner)).toEqual([]);
    },
  },
];
