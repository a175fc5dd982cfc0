import fc from "fast-check";
import { expect, it } from "vitest";
import { DEFAULT_SETTINGS } from "../../settings.ts";
import { BEFORE } from "./fixtures/samples.ts";
import { World } from "./fixtures/world.ts";
import { judge } from "./instance.ts";
import type { Plan } from "./plan.ts";

const NODES = ["a", "b", "c", "d", "e"];

/** Anything that can happen, with a number that says to what. */
const happening = fc.record({
  what: fc.constantFrom(
    "scale",
    "name",
    "roll",
    "lose",
    "return",
    "drain",
    "undrain",
    "pause",
    "resume",
    "stop",
    "start",
    "agents",
    "unhealthy",
    "failed",
    "delete",
    "time",
    "suspend",
    "plan",
    "crash",
  ),
  which: fc.nat(1_000),
});
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

const history = fc.record({
  automatic: fc.boolean(),
  happenings: fc.array(happening, { minLength: 1, maxLength: 40 }),
});

it("keeps every promise whatever happens, and comes to rest at what is declared", () => {
  fc.assert(
    fc.property(history, ({ automatic, happenings }) => {
      const world = new World(NODES);
      world.settings = { ...DEFAULT_SETTINGS, failback: { enabled: automatic, stableMs: 1_000, maxPerMinute: 3 } };
      for (const one of happenings) happen(world, one);
      settle(world);
    }),
    { numRuns: 1_000 },
  );
});

function happen(world: World, { what, which }: Happening): void {
  const nodeId = NODES[which % NODES.length] ?? "a";
  const row = world.active[which % Math.max(world.active.length, 1)];
  const { deployment } = world;
  if (what === "scale") world.scale(which % 12);
  if (what === "name") world.scale({ [nodeId]: which % 4, e: 1, z: which % 2 });
  if (what === "roll") world.roll((which % 4) + 1, which % 3 > 0);
  if (what === "lose") world.change(nodeId, { health: which % 2 ? "Unhealthy" : "Unknown" });
  if (what === "return") world.change(nodeId, { health: "Healthy" });
  if (what === "drain") world.change(nodeId, { cordoned: true, drain: { startedAt: BEFORE } });
  if (what === "undrain") world.change(nodeId, { cordoned: false, drain: undefined });
  if (what === "pause" || what === "resume") world.deployment = { ...deployment, paused: what === "pause" };
  if (what === "stop") world.deployment = { ...deployment, status: "Stopped" };
  if (what === "start") world.deployment = { ...deployment, status: "Running" };
  if (what === "agents") world.agents();
  if (what === "unhealthy" && row) world.report(row, { healthy: false });
  if (what === "failed" && row) world.report(row, { phase: "Failed", healthy: false });
  if (what === "delete" && row) world.rows.set(row.instanceId, { ...row, removing: { reason: "deleted", at: BEFORE } });
  if (what === "time") world.time += which * 1_000;
  if (what === "suspend") world.suspended = which % 2 === 0;
  const plan = world.plan();
  check(world, plan);
  world.apply(plan, what === "crash" ? which % 5 : undefined);
}

function check(world: World, plan: Plan): void {
  expect(world.plan()).toEqual(plan);
  checkBound(world, plan);
  for (const { cause, insteadOf, replaces } of plan.creations) {
    if (cause !== "failover") continue;
    expect(world.suspended).toBe(false);
    expect(replaces).toBeUndefined();
    // It goes with its replacement, and was lost.
    const lost = insteadOf?.assignment;
    expect(lost?.removing).toBeUndefined();
    expect(world.nodes.get(lost?.nodeId ?? "")?.health ?? "Unhealthy").toBe("Unhealthy");
  }
  if (world.suspended) expect(plan.removals.filter(({ reason }) => reason === "lost")).toEqual([]);
  // Nothing gets two fates.
  const touched = [
    ...plan.removals.map(({ row }) => row.assignment.instanceId),
    ...plan.switches.map(({ row }) => row.assignment.instanceId),
    ...plan.creations.flatMap(({ insteadOf }) => insteadOf?.assignment.instanceId ?? []),
  ];
  expect(new Set(touched).size).toBe(touched.length);
}

/** A rollout makes no more instances unhealthy than it may. */
function checkBound({ view, deployment, nodes }: World, plan: Plan): void {
  const target = deployment.versions.find(({ version }) => version === deployment.version);
  const going = new Set(plan.removals.map(({ row }) => row.assignment.instanceId));
  const stands = view.rows
    .filter(({ assignment }) => !assignment.removing && !going.has(assignment.instanceId))
    .map((row) => judge(row, deployment, nodes.get(row.assignment.nodeId)));
  const byId = new Map(stands.map((one) => [one.id, one]));
  const waiting = stands.filter(
    ({ assignment, toRun, ready, away }) => assignment.specVersion === deployment.version && toRun && !ready && !away,
  );
  const switched = plan.switches.filter(({ row }) => {
    const { toRun = false, node } = byId.get(row.assignment.instanceId) ?? {};
    return toRun && node !== undefined;
  });
  const isBound = deployment.rollout.state === "in_progress" && deployment.rollout.from > 0;
  const made = plan.creations.filter(
    ({ cause, specVersion }) =>
      isBound && (cause === "placed" || cause === "named") && specVersion === deployment.version,
  );
  // Later, those that will not become healthy are not waited for.
  const counted = deployment.rollout.state === "in_progress" ? waiting.length : 0;
  const may = Math.max((target?.update.maxParallel ?? 0) - counted, 0);
  expect(switched.length + made.length).toBeLessThanOrEqual(may);
}

/** Everything is well again, and all agents do what they are told. */
function settle(world: World): void {
  world.suspended = false;
  world.deployment = { ...world.deployment, paused: false, status: "Running" };
  for (const nodeId of NODES) world.change(nodeId, { health: "Healthy", cordoned: false, drain: undefined });
  for (let round = 0; round < 200; round += 1) {
    world.agents();
    world.time += 10_000;
    const plan = world.plan();
    check(world, plan);
    if (isEmpty(plan) && world.active.length === world.rows.size) break;
    world.apply(plan);
  }
  expect(isEmpty(world.plan())).toBe(true);
  const wanted = world.deployment.replicas.web ?? 1;
  const counts = Map.groupBy(world.active, ({ home, nodeId }) => home ?? nodeId);
  if (typeof wanted === "number") expect(world.active).toHaveLength(wanted);
  else {
    const has = Object.fromEntries([...counts].map(([id, { length }]) => [id, length]));
    expect(has).toEqual(Object.fromEntries(Object.entries(wanted).filter(([, count]) => count > 0)));
  }
  const ids = new Set(world.active.map(({ instanceId }) => instanceId));
  expect(world.active.filter(({ replaces }) => replaces !== undefined && ids.has(replaces))).toEqual([]);
  const { state } = world.deployment.rollout;
  if (state === "failed") return;
  expect(world.active.every(({ specVersion }) => specVersion === world.deployment.version)).toBe(true);
  if (world.active.some(({ nodeId }) => nodeId !== "z")) expect(["done", "rolled_back"]).toContain(state);
}

function isEmpty({ creations, removals, switches, forgotten, rollout }: Plan): boolean {
  return creations.length + removals.length + switches.length + forgotten.length === 0 && rollout === undefined;
}
