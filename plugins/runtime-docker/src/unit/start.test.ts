import type { Instance } from "@damson/plugin-sdk";
import { expect, it } from "vitest";
import { type Answers, eachWithFakeEngine, GOOD } from "../fixtures/fake-engine.ts";
import { Containers } from "./containers.ts";
import { Starter, startTime } from "./start.ts";

const INSTANCE: Instance = {
  owner: "a1",
  nodeId: "node-1",
  app: "shop",
  version: "v1",
  instanceId: "shop-1",
  run: 1,
  pkg: { type: "docker", image: "shop:v1" },
  environment: {},
};

const use = eachWithFakeEngine();

/** Starts with 300 ms for all of it, and tells what the engine was asked to make or start. */
async function begun(answers: Answers): Promise<string[]> {
  const asked: string[] = [];
  use.fake.answers = {
    ...GOOD,
    "/containers/create": (answer) => {
      asked.push("create");
      answer.writeHead(201).end('{"Id":"c1"}');
    },
    "/containers/c1/start": (answer) => {
      asked.push("start");
      answer.writeHead(204).end();
    },
    ...answers,
  };
  await use.fake.listen();
  const starter = new Starter({ engine: use.engine, containers: new Containers(use.engine) });
  const start = starter.start(INSTANCE, { image: "shop:v1" }, { driver: "local" }, startTime(use.engine, 300));
  await expect(start).rejects.toMatchObject({ code: "RUNTIME_UNAVAILABLE" });
  return asked;
}

const late =
  (text: string): Answers[string] =>
  (answer) =>
    void setTimeout(() => answer.end(text), 400);

it("when the agent has given up on it, nothing is made", async () => {
  expect(await begun({ "/containers/json": late("[]") })).toEqual([]);
});

it("when the agent has given up on it, nothing is started", async () => {
  expect(await begun({ "/containers/create": late('{"Id":"c1"}') })).toEqual([]);
});

it.each([
  ["is free again", 1, "c1"],
  ["stays taken", 99, undefined],
])("a name that a container had which is gone, and that %s", async (_, refusals, made) => {
  const names: (string | null)[] = [];
  const started = { Id: "c1", Config: {}, State: { Running: true } };
  use.fake.answers = {
    ...GOOD,
    "/containers/create": (answer, { url }) => {
      names.push(new URL(url ?? "", "http://engine").searchParams.get("name"));
      if (names.length > refusals) answer.writeHead(201).end('{"Id":"c1"}');
      else answer.writeHead(409).end('{"message":"The container name is already in use by container c0"}');
    },
    "/containers/c1/start": (answer) => void answer.writeHead(204).end(),
    "/containers/c1/json": (answer) => void answer.end(JSON.stringify(started)),
  };
  await use.fake.listen();
  const starter = new Starter({ engine: use.engine, containers: new Containers(use.engine) });
  const start = starter.start(INSTANCE, { image: "shop:v1" }, { driver: "local" }, startTime(use.engine));
  if (made) expect(await start).toMatchObject({ Id: made });
  else await expect(start).rejects.toMatchObject({ code: "CONTAINER_NAME_TAKEN" });
  expect(new Set(names)).toEqual(new Set(["plum-app-shop-1"]));
  expect(names.length).toBeLessThan(10);
});
