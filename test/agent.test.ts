import { existsSync } from "node:fs";
import { type ApplyRequest, answer } from "@damson/client";
import { expect, test } from "vitest";
import { isFree } from "./support/ports.ts";
import { appProcesses, runProcesses } from "./support/proc.ts";
import { startAgent } from "./support/test-agent.ts";

const sleeper: ApplyRequest = {
  app: "sleeper",
  version: "1",
  pkg: { type: "script", command: ["exec sleep 600"] },
};

test("an app lives through kill -9, SIGTERM and the next agents, and goes with its last trace when it is deleted", async () => {
  const agent = await startAgent();
  agent.showOnFailure();
  const { api } = agent.client;
  try {
    await answer(api.POST("/v1/apply", { body: sleeper, params: { query: { wait: "running" } } }));
    await expect.poll(() => appProcesses(agent.owner)).toMatchObject([{ command: ["sleep", "600"], run: 1 }]);
    const before = appProcesses(agent.owner);

    await agent.restart("SIGKILL");
    await agent.restart("SIGTERM");
    await expect
      .poll(async () => (await agent.status()).apps)
      .toMatchObject([{ app: "sleeper", phase: "running", restarts: 0, instances: [{ pid: before[0]?.pid, run: 1 }] }]);
    expect(appProcesses(agent.owner)).toEqual(before);
  } finally {
    const { owner } = agent;
    await agent.cleanUp();
    expect(runProcesses(owner)).toEqual([]);
    expect(existsSync(agent.workDir)).toBe(false);
    expect(await isFree(agent.port)).toBe(true);
  }
});
