import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { answer } from "@damson/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectRefused } from "./bad-input/expect-refused.ts";
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

test.for(badInputs(places))("%s", async (row) => {
  agent.showOnFailure();
  await expectRefused(agent.url, row);
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
