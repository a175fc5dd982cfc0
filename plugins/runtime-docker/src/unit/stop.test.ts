import type { ContainerInspectInfo } from "dockerode";
import { expect, it } from "vitest";
import { type Answers, eachWithFakeEngine, GOOD } from "../fixtures/fake-engine.ts";
import { Containers } from "./containers.ts";
import { stopContainer } from "./stop.ts";

const RUNNING = {
  Id: "c1",
  Name: "/plum-app-shop-1",
  Config: {},
  State: { Status: "running", Running: true, StartedAt: "2026-01-31T12:00:00Z" },
};
const ENDED = { Status: "exited", Running: false, ExitCode: 7, FinishedAt: "2026-01-31T12:00:01Z" };

const use = eachWithFakeEngine();

async function stop(answers: Answers) {
  use.fake.answers = { ...GOOD, "/containers/c1/kill": (answer) => void answer.writeHead(204).end(), ...answers };
  await use.fake.listen();
  use.engine.open();
  await use.engine.check();
  const found = RUNNING as unknown as ContainerInspectInfo;
  return stopContainer(use.engine, new Containers(use.engine), found, { signal: "SIGTERM", graceMs: 50 }, 50);
}

const inspected =
  (value: unknown): Answers[string] =>
  (answer) =>
    void answer.end(JSON.stringify(value));

it.each<[string, Answers, string[]]>([
  ["by their names", { "/containers/c1/top": inspected({ Processes: [["12", "stuck"]] }) }, ["stuck (pid 12)"]],
  ["as the container, when the engine cannot list them", {}, ["the container plum-app-shop-1"]],
])("survivors are told %s", async (_, answers, survivors) => {
  const result = await stop({ "/containers/c1/json": inspected(RUNNING), ...answers });
  expect(result).toMatchObject({ status: { code: null, signal: null }, survivors });
});

it("an end that the engine has not told of is seen all the same", async () => {
  const State = { ...RUNNING.State };
  const result = await stop({
    "/containers/c1/json": (answer, request) => inspected({ ...RUNNING, State })(answer, request),
    "/containers/c1/top": (answer) => {
      Object.assign(State, ENDED);
      answer.writeHead(409).end("{}");
    },
  });
  expect(result).toMatchObject({ status: { code: 7 }, survivors: [] });
});
