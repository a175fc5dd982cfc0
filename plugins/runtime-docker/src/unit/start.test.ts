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
