import { expect } from "vitest";
import type { ResourceUsage } from "../../runtime/usage.ts";
import type { RuntimeHarness } from "../harness.ts";
import { type Behaviour, program } from "../programs.ts";
import type { Scene } from "../scene.ts";
import { within } from "../waiting.ts";
import { type CaseDefinition, unless } from "./case-definition.ts";

const withStats = ({ capabilities }: RuntimeHarness) => unless(capabilities.stats, "the runtime declares no stats");
const SHORTEST_MS = 500;
const LONGEST_MS = 3_000;

async function watched(scene: Scene, does: Behaviour, signal?: AbortSignal) {
  const agent = await scene.agent();
  const handle = await agent.runReady(scene.instance(program(does)));
  const usages = agent.watchUsage(handle, signal)[Symbol.asyncIterator]();
  const next = async (): Promise<ResourceUsage> => {
    const one = await within(scene.options.deadlineMs + LONGEST_MS, "the next sample", usages.next());
    if (one.done === true) throw new Error("the samples ended while the unit runs");
    return one.value;
  };
  const toEnd = async (): Promise<void> => {
    while ((await usages.next()).done !== true);
  };
  return { agent, handle, next, ended: () => within(scene.options.deadlineMs, "the end of the samples", toEnd()) };
}

/** What a unit uses as a stream: by `watchStats`, or as the agent asks a runtime that has none. */
export const watchedUsageCases: readonly CaseDefinition[] = [
  {
    name: "usage comes about once a second, and its cpu_seconds rises while the unit is busy",
    leftOut: withStats,
    async run(scene) {
      const { next } = await watched(scene, { kind: "busy" });
      const [first, second] = [await next(), await next()];
      const apart = Date.parse(second.at) - Date.parse(first.at);
      expect(apart, "milliseconds between two samples").toBeGreaterThanOrEqual(SHORTEST_MS);
      expect(apart, "milliseconds between two samples").toBeLessThanOrEqual(LONGEST_MS);
      expect(second.cpu_seconds).toBeGreaterThan(first.cpu_seconds);
    },
  },
  {
    name: "usage ends when the run ends",
    leftOut: withStats,
    async run(scene) {
      const { agent, handle, next, ended } = await watched(scene, { kind: "runs" });
      await next();
      await agent.stop(handle, { signal: "SIGKILL", graceMs: 0 });
      await ended();
    },
  },
  {
    name: "usage ends when its signal aborts, while the run goes on",
    leftOut: withStats,
    async run(scene) {
      const abort = new AbortController();
      const { agent, handle, next, ended } = await watched(scene, { kind: "runs" }, abort.signal);
      await next();
      abort.abort();
      await ended();
      await agent.stats(handle);
    },
  },
];
