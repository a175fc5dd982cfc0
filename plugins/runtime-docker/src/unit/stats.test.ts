import type { ContainerInspectInfo } from "dockerode";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Engine } from "../engine/engine.ts";
import { type Answers, FakeEngine } from "../fixtures/fake-engine.ts";
import { quiet } from "../fixtures/quiet-log.ts";
import { usage } from "./stats.ts";

let fake: FakeEngine;
let engine: Engine;
beforeEach(() => {
  fake = new FakeEngine();
  engine = new Engine({ address: { socketPath: fake.socketPath }, label: "", log: quiet });
});
afterEach(async () => {
  engine.close();
  await fake.dispose();
});

async function used(stats: Answers[string], answerMs?: number) {
  fake.answers = { "/containers/c1/stats": stats };
  await fake.listen();
  return usage(engine, { Id: "c1", HostConfig: {} } as ContainerInspectInfo, answerMs);
}

it("a container that has just ended is not said to use nothing", async () => {
  const nothing = { read: "0001-01-01T00:00:00Z", memory_stats: {}, cpu_stats: { cpu_usage: { total_usage: 0 } } };
  const answer = used((answer) => void answer.end(JSON.stringify(nothing)));
  await expect(answer).rejects.toMatchObject({ code: "NOT_RUNNING" });
});

it.each<[string, Answers[string]]>([
  ["does not answer", () => undefined],
  ["begins to answer", (answer) => answer.flushHeaders()],
])("of an engine that %s, nobody says that the container has ended", async (_, stats) => {
  await expect(used(stats, 100)).rejects.toMatchObject({ code: "RUNTIME_UNAVAILABLE" });
});
