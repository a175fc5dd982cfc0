import { expect } from "vitest";
import type { RuntimeHarness } from "../harness.ts";
import { program } from "../programs.ts";
import { refusalOfInput } from "../test-agent.ts";
import { type CaseDefinition, unless } from "./case-definition.ts";

const LIMIT = "64m";
const LIMIT_BYTES = 64 * 2 ** 20;

function withLimit({ capabilities, limitsCanBeSet }: RuntimeHarness): string | undefined {
  return (
    unless(capabilities.limits.memory, "the runtime declares no memory limit") ??
    unless(limitsCanBeSet, "limits cannot be set on this machine")
  );
}

/** Limits, where they exist. */
export const limitCases: readonly CaseDefinition[] = [
  {
    name: "a unit that takes more memory than its limit is ended, and reported as out of memory",
    leftOut: withLimit,
    async run(scene) {
      const agent = await scene.agent();
      const handle = await agent.run(scene.instance(program({ kind: "eats-memory" }, { memoryLimit: LIMIT })));
      expect(await agent.exit(handle)).toMatchObject({ code: 137, signal: "SIGKILL", oom: true });
    },
  },
  {
    name: "out of memory while no agent lived is reported as such",
    leftOut: withLimit,
    async run(scene) {
      const instance = scene.instance(program({ kind: "eats-memory" }, { memoryLimit: LIMIT }));
      const handle = await (await scene.agent()).run(instance);
      const { status } = await scene.nextAgentFindsEnd(instance, handle);
      expect(status).toMatchObject({ code: 137, oom: true });
    },
  },
  {
    name: "a unit within its limit runs, and its stats have the limit",
    leftOut: (harness) => withLimit(harness) ?? unless(harness.capabilities.stats, "the runtime declares no stats"),
    async run(scene) {
      const agent = await scene.agent();
      const handle = await agent.runReady(scene.instance(program({ kind: "runs" }, { memoryLimit: LIMIT })));
      expect((await agent.stats(handle)).memory_limit_bytes).toBe(LIMIT_BYTES);
    },
  },
  {
    name: "a limit that cannot be set on this machine is refused by admit with the place in pkg",
    leftOut: ({ capabilities, limitsCanBeSet }) =>
      unless(capabilities.limits.memory, "the runtime declares no memory limit") ??
      unless(!limitsCanBeSet, "limits can be set on this machine"),
    async run(scene) {
      const agent = await scene.agent();
      const instance = scene.instance(program({ kind: "runs" }, { memoryLimit: LIMIT }));
      const error = await refusalOfInput(agent.admit(instance));
      expect(error.issues.map((issue) => issue.path ?? "")).toContainEqual(expect.stringMatching(/^pkg\b/));
      expect(await scene.alive(instance)).toEqual([]);
    },
  },
];
