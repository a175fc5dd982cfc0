import type { Instance } from "@damson/plugin-sdk";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Engine } from "../engine/engine.ts";
import { type Answers, FakeEngine, GOOD } from "../fixtures/fake-engine.ts";
import { quiet } from "../fixtures/quiet-log.ts";
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

/** Starts with 300 ms for all of it, and tells what the engine was asked to make or start. */
async function begun(answers: Answers): Promise<string[]> {
  const asked: string[] = [];
  fake.answers = {
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
  await fake.listen();
  const starter = new Starter({ engine, containers: new Containers(engine) });
  const start = starter.start(INSTANCE, { image: "shop:v1" }, { driver: "local" }, startTime(engine, 300));
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
  fake.answers = {
    ...GOOD,
    "/containers/create": (answer, { url }) => {
      names.push(new URL(url ?? "", "http://engine").searchParams.get("name"));
      if (names.length > refusals) answer.writeHead(201).end('{"Id":"c1"}');
      else answer.writeHead(409).end('{"message":"The container name is already in use by container c0"}');
    },
    "/containers/c1/start": (answer) => void answer.writeHead(204).end(),
    "/containers/c1/json": (answer) => void answer.end(JSON.stringify(started)),
  };
  await fake.listen();
  const starter = new Starter({ engine, containers: new Containers(engine) });
  const start = starter.start(INSTANCE, { image: "shop:v1" }, { driver: "local" }, startTime(engine));
  if (made) expect(await start).toMatchObject({ Id: made });
  else await expect(start).rejects.toMatchObject({ code: "CONTAINER_NAME_TAKEN" });
  expect(new Set(names)).toEqual(new Set(["plum-app-shop-1"]));
  expect(names.length).toBeLessThan(10);
});
