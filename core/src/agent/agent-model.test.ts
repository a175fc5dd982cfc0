import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runtimeUnavailable } from "@damson/plugin-sdk";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ModelWorld } from "./fixtures/model-world.ts";
import { spec } from "./fixtures/scripted-agent.ts";
import type { AppSpec } from "./schema/apply.ts";
import { settingsOf } from "./spec.ts";
import { waitFor } from "./wait.ts";

let path: string;

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), "damson-model-"));
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});

afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  await rm(path, { recursive: true });
});

type Step = (world: ModelWorld) => void | Promise<void>;

/** A step and its name, which is what is printed of a sequence that fails. */
class Named {
  readonly name: string;
  readonly take: Step;

  constructor(name: string, take: Step) {
    this.name = name;
    this.take = take;
  }

  toString(): string {
    return this.name;
  }
}

function applied(version: number, instances: number, strategy: "recreate" | "rolling"): AppSpec {
  return spec(`${version}`, { instances, update: { strategy, min_running: "1ms", healthy_within: "5s" } });
}

const applies = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 2 }), fc.constantFrom("recreate", "rolling"))
  .map(([version, instances, strategy]) => {
    const wanted = applied(version, instances, strategy as "recreate" | "rolling");
    return new Named(`apply ${version} ×${instances} ${strategy}`, (world) =>
      world.call("running", (agent) => agent.apply(wanted), wanted),
    );
  });

const verbs = fc.constantFrom(
  new Named("start", (world) => world.call("running", (agent) => agent.start("shop"))),
  new Named("stop", (world) => world.call("stopped", (agent) => agent.stop("shop"))),
  new Named("restart", (world) => world.call("running", (agent) => agent.restart("shop"))),
  new Named("delete", (world) => world.call("deleted", (agent) => agent.delete("shop"))),
);

const AWAY = "there is no engine";

const accidents = fc.oneof(
  fc.tuple(fc.nat(3), fc.nat(1)).map(([pick, code]) => new Named(`exit ${pick} ${code}`, (w) => w.exit(pick, code))),
  fc.constantFrom("start", "startAfter", "prepare", "stop", "recover", "remove", "watch").map(
    (call) =>
      new Named(`${call} fails, or no more`, ({ runtime }) => {
        if (runtime.fail[call as "start"]) delete runtime.fail[call as "start"];
        else runtime.fail[call as "start"] = new Error(`${call} failed`);
      }),
  ),
  fc.constantFrom("startAfter", "prepare", "stop", "recover").map(
    (call) =>
      new Named(`${call} does not reach the engine`, ({ runtime }) => {
        runtime.fail[call as "stop"] = runtimeUnavailable(AWAY);
      }),
  ),
  fc.constantFrom(
    new Named("disk full, or no more", ({ disk }) => {
      disk.full = !disk.full;
    }),
    new Named("kill -9", (world) => world.kill()),
    new Named("the engine goes, or comes back", ({ engine }) => engine.turn(engine.away ? undefined : AWAY)),
    new Named("the other engine goes, or comes back", ({ otherEngine }) =>
      otherEngine.turn(otherEngine.away ? undefined : AWAY),
    ),
    new Named("the run mode changes", (world) => world.changeRunMode()),
    new Named("replace runtime", (world) => world.replaceRuntime()),
    new Named("time passes", async () => void (await vi.advanceTimersByTimeAsync(1_000))),
  ),
);

const opens = fc.nat(5).map((pick) => new Named(`open ${pick}`, ({ gates }) => gates.open(pick)));

const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: applies },
    { weight: 3, arbitrary: verbs },
    { weight: 3, arbitrary: accidents },
    { weight: 12, arbitrary: opens },
  ),
  { maxLength: 60, size: "max" },
);

/** What must hold at every moment. */
function checkAlways(world: ModelWorld): void {
  expect(world.violations).toEqual([]);
  const runs = world.engines.flatMap(({ starts }) => starts).map((start) => start.split(" ")[0]);
  expect(runs).toEqual([...new Set(runs)]);
  for (const { document } of world.agent.apps()) {
    const { exits, instances } = document.durable;
    const ends = exits.map((exit) => `${exit.instance_id}#${exit.run}`);
    expect(ends).toEqual([...new Set(ends)]);
    expect(exits.filter(({ detail }) => detail?.includes(AWAY))).toEqual([]);
    for (const { instance_id, restarts } of instances) {
      expect(restarts).toBeLessThanOrEqual(world.deaths.get(instance_id) ?? 0);
    }
  }
}

/** What must hold when nothing more happens. */
async function checkAtRest(world: ModelWorld): Promise<void> {
  checkAlways(world);
  const app = world.agent.find("shop");
  const document = app?.document.durable;
  const desired = document?.desired ?? "deleted";
  expect(world.candidates(() => true).map((call) => call.desired)).toContain(desired);
  expect(app?.document.value).toBe(document);
  if (!app || !document) {
    for (const { units } of world.engines) expect([...units.keys()]).toEqual([]);
    expect([...world.disk.files.keys()]).toEqual([]);
    return;
  }
  expect(desired).not.toBe("deleted");
  const current = document.revisions.find((revision) => revision.revision === document.current);
  if (!current) throw new Error("the document lacks its current revision");
  if (!world.reverted) {
    const versions = world.candidates((call) => call.spec !== undefined).map((call) => call.spec?.version);
    expect(versions).toContain(current.spec.version);
  }
  const count = desired === "running" ? settingsOf(current.spec).instances : 0;
  const running = world.engines.flatMap((engine) => engine.running()).map((unit) => unit.split(" ")[1]);
  expect(running).toEqual(Array.from({ length: count }, () => current.spec.version));
  expect(document.update?.state).not.toBe("in_progress");
  await waitFor(world.agent, "shop", { wanted: desired === "running" ? "healthy" : "stopped" }, 1);
}

test("whatever is asked, fails and dies, in whatever order: what was acknowledged is reached", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      vi.clearAllTimers();
      const world = new ModelWorld(path);
      await world.boot();
      try {
        for (const { take } of sequence) {
          await take(world);
          checkAlways(world);
        }
        await world.quiet();
        await checkAtRest(world);
      } finally {
        await world.end();
      }
    }),
    { numRuns: 300, seed: 1 },
  );
});
