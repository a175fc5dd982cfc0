import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { answer, type Problem } from "@damson/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { send } from "./bad-input/send.ts";
import { badInputs } from "./bad-input/table.ts";
import { type RunProcess, runProcesses } from "./support/proc.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";
import { startAgent, type TestAgent } from "./support/test-agent.ts";
import { treeOf } from "./support/tree.ts";

const scratch = temporaryDirectory();
const places = {
  canary: join(scratch, "canary"),
  plainFile: join(scratch, "plain-file"),
  absent: join(scratch, "absent"),
};
// What only a look inside would tell: stacks, module paths, this repository's place.
const INSIDE = /node_modules|file:\/\/\/(?!etc)|\bat [^ ]+ \(|\.ts:\d+|\.js:\d+/;

let agent: TestAgent;
let tree: Record<string, string>;
let processes: RunProcess[];

beforeAll(async () => {
  writeFileSync(places.plainFile, "no program");
  agent = await startAgent();
  const sleeper = { app: "sleeper", version: "v1", pkg: { type: "binary", command: ["/bin/sleep", "86400"] } };
  await answer(agent.client.api.POST("/v1/apply", { body: sleeper, params: { query: { wait: "healthy" } } }));
  processes = runProcesses(agent.owner);
  tree = treeOf(agent.workDir);
});

afterAll(async () => {
  rmSync(scratch, { recursive: true, force: true });
  await agent?.cleanUp();
});

test.for(badInputs(places))("%s", async ([, sent, status, code, path]) => {
  agent.showOnFailure();
  const { status: answered, headers, body } = await send(agent.url, sent);
  expect({ status: answered, body: body.slice(0, 2_000) }).toMatchObject({ status });
  expect(headers["content-type"]).toBe("application/problem+json; charset=utf-8");
  const problem: Problem = JSON.parse(body);
  expect(problem).toMatchObject({
    type: "about:blank",
    status,
    code,
    title: expect.any(String),
    detail: expect.stringMatching(/\S/),
    request_id: expect.stringMatching(/^[0-9a-f-]{8,}$/),
  });
  if (path !== undefined) expect(problem.errors?.map((issue) => issue.path ?? "")).toContain(path);
  if (status === 405) expect(headers.allow).toMatch(/^[A-Z]+(, [A-Z]+)*$/);
  expect(body).not.toMatch(INSIDE);

  expect(treeOf(agent.workDir)).toEqual(tree);
  expect(runProcesses(agent.owner)).toEqual(processes);
  expect(existsSync(places.canary)).toBe(false);
  const [{ pid } = {}] = processes.filter((one) => !one.shim);
  expect(await agent.status()).toMatchObject({
    apps: [{ app: "sleeper", phase: "running", restarts: 0, instances: [{ pid, run: 1 }] }],
    damaged: [],
  });
});

test("at least 60 bad inputs are tried, each under a name of its own", () => {
  const names = badInputs(places).map(([what]) => what);
  expect(names.length).toBeGreaterThanOrEqual(60);
  expect(new Set(names).size).toBe(names.length);
});
