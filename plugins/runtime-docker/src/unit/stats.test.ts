import type { ContainerInspectInfo } from "dockerode";
import { expect, it } from "vitest";
import { type Answers, eachWithFakeEngine } from "../fixtures/fake-engine.ts";
import { usage } from "./stats.ts";

const use = eachWithFakeEngine();

async function used(stats: Answers[string], answerMs?: number) {
  use.fake.answers = { "/containers/c1/stats": stats };
  await use.fake.listen();
  return usage(use.engine, { Id: "c1", HostConfig: {} } as ContainerInspectInfo, answerMs);
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
