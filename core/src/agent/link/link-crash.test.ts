import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ChildProgram } from "@damson/plugin-sdk/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { temporaryDirectory } from "../../state/fixtures/temporary-directory.ts";
import { assignedSpec } from "../fixtures/assigned-spec.ts";
import { FakeController } from "./fixtures/fake-controller.ts";
import { eventually } from "./fixtures/linked-agent.ts";

const A = "d1-0000000a";
const B = "d1-0000000b";
const AGENT = new URL("./fixtures/agent-child.ts", import.meta.url);

let controller: FakeController;
beforeEach(async () => {
  controller = new FakeController();
  await controller.open();
});
afterEach(() => controller.close());

const says = (child: ChildProgram, line: string): Promise<void> =>
  eventually(() => expect(child.lines).toContain(line));

test("an agent that is killed while it carries out a list completes it before it starts anything", async () => {
  const directory = await temporaryDirectory();
  controller.assign(assignedSpec(A, 1));
  const first = new ChildProgram(AGENT, directory, controller.url, "unstoppable");
  await says(first, `instance.running ${A}`);
  controller.assign(assignedSpec(B, 1));
  await says(first, `instance.trouble ${A}`);
  await first.kill();
  expect(first.lines).not.toContain(`app.applied ${B}`);

  const second = new ChildProgram(AGENT, directory, controller.url);
  await says(second, `instance.running ${B}`);
  const order = second.lines.filter((line) => /^instance\.(removed|running)/.test(line));
  expect(order).toEqual([`instance.removed ${A}`, `instance.running ${B}`]);
  await eventually(() =>
    expect(controller.facts().seen).toEqual({ controllerId: "store-1", revision: 3, instances: [B] }),
  );
});

test("an agent that was killed does not bring back what a newer list has taken away", async () => {
  const directory = await temporaryDirectory();
  controller.assign(assignedSpec(A, 1));
  const first = new ChildProgram(AGENT, directory, controller.url);
  await says(first, `instance.running ${A}`);
  const [older, revision] = [controller.items, controller.revision];
  controller.assign(assignedSpec(B, 1));
  await says(first, `instance.running ${B}`);
  await first.kill();
  // A copy of the controller that is behind.
  controller.items = older;
  controller.revision = revision;
  const second = new ChildProgram(AGENT, directory, controller.url);
  await says(second, `instance.running ${B}`);
  expect(second.lines).not.toContain(`app.applied ${A}`);
});

test("an end that could not be told before the agent was killed is told by the next one, once, with a higher number", async () => {
  const directory = await temporaryDirectory();
  controller.assign(assignedSpec(A, 1, { restart: "never" }));
  const first = new ChildProgram(AGENT, directory, controller.url);
  await eventually(() => expect(controller.phases(A)).toContain("Running"));
  controller.fail("POST /v1/instances/status", 503, "SERVER_CLOSING");
  first.process.stdin.write(`exit ${A} 7\n`);
  await says(first, `instance.exited ${A}`);
  await eventually(() => expect(controller.phases(A)).not.toContain("Failed 7"));
  await first.kill();

  const highest = Math.max(...controller.reports.map(({ seq }) => seq));
  controller.faults.clear();
  controller.reports.splice(0);
  const second = new ChildProgram(AGENT, directory, controller.url);
  await eventually(() => expect(controller.phases(A)).toContain("Failed 7"));
  expect(Math.min(...controller.reports.map(({ seq }) => seq))).toBeGreaterThan(highest);
  // One is the end, the other one how it has been since.
  await eventually(() => expect(controller.phases(A)).toEqual(["Failed 7", "Failed 7"]));
  const record = () => JSON.parse(readFileSync(join(directory, "controller.json"), "utf8")).data;
  await eventually(() => expect(record().told).toEqual({ [A]: 1 }));
  await second.kill();

  controller.reports.splice(0);
  new ChildProgram(AGENT, directory, controller.url);
  await eventually(() => expect(controller.reports).toHaveLength(1));
});

test("an agent that is killed again and again, at any moment, comes to the last list, and gives up nothing of it", {
  timeout: 120_000,
}, async () => {
  const directory = await temporaryDirectory();
  const names = ["a", "b", "c", "d", "e", "f"].map((letter) => `d1-0000000${letter}`);
  const assigned = new Set<string>();
  for (let round = 1; round <= 6; round += 1) {
    const child = new ChildProgram(AGENT, directory, controller.url);
    const early = randomInt(2);
    await eventually(() => expect(child.lines.length).toBeGreaterThanOrEqual(early));
    const chosen = names.filter(() => randomInt(2) === 0);
    controller.assign(...chosen.map((name) => assignedSpec(name, round)));
    assigned.clear();
    for (const name of chosen) assigned.add(name);
    const enough = child.lines.length + randomInt(12);
    await eventually(() => {
      const isCarriedOut = controller.facts().seen?.revision === controller.revision;
      expect(isCarriedOut || child.lines.length >= enough).toBe(true);
    });
    await child.kill();
  }
  const last = new ChildProgram(AGENT, directory, controller.url);
  await eventually(() => {
    const { seen } = controller.facts();
    expect([seen?.revision, [...(seen?.instances ?? [])].sort()]).toEqual([controller.revision, [...assigned].sort()]);
  });
  for (const name of assigned) {
    await says(last, `instance.running ${name}`);
    expect(last.lines).not.toContain(`app.deleted ${name}`);
  }
});
