import { join } from "node:path";
import { type ApplyRequest, type AppStatus, answer } from "@damson/client";
import { expect, onTestFinished, test } from "vitest";
import { appProcesses, type RunProcess } from "./support/proc.ts";
import { requireOrSkip } from "./support/require-or-skip.ts";
import { SmallDisk } from "./support/small-disk.ts";
import { startAgent, type TestAgent } from "./support/test-agent.ts";

const SIZE = 4 * 1024 * 1024;
const REFUSAL = { problem: { status: 507, code: "STATE_WRITE_FAILED", detail: expect.stringContaining("ENOSPC") } };

requireOrSkip("root, to mount a tmpfs", SmallDisk.possible)("a full disk", () => {
  test("refuses what cannot be kept, lets apps go on, and heals by itself when there is space again", async () => {
    const { disk, agent } = await agentOnSmallDisk();
    const { api } = agent.client;
    const query = { wait: "running" } as const;
    await answer(api.POST("/v1/apply", { body: sleeper("steady", "1"), params: { query } }));
    await answer(api.POST("/v1/apply", { body: sleeper("mortal", "1"), params: { query } }));
    const [steady, mortal] = await Promise.all([processOf(agent, "steady"), processOf(agent, "mortal")]);

    await runtimeChecked(agent);
    disk.fill();
    await expect(answer(api.POST("/v1/apply", { body: sleeper("steady", "2") }))).rejects.toMatchObject(REFUSAL);
    await expect(answer(api.POST("/v1/apply", { body: sleeper("newcomer", "1") }))).rejects.toMatchObject(REFUSAL);
    expect(await statusOf(agent, "steady")).toMatchObject({ version: "1", phase: "running" });
    await expect(statusOf(agent, "newcomer")).rejects.toMatchObject({ problem: { code: "APP_NOT_FOUND" } });

    process.kill(mortal.pid, "SIGKILL");
    await expect.poll(() => statusOf(agent, "mortal")).toMatchObject({ reason: expect.stringContaining("ENOSPC") });
    expect(await processOf(agent, "steady")).toEqual(steady);

    disk.empty();
    await answer(api.POST("/v1/apply", { body: sleeper("steady", "2"), params: { query } }));
    expect(await statusOf(agent, "steady")).toMatchObject({ version: "2", phase: "running", restarts: 0 });
    const params = { path: { app: "mortal" } };
    await expect
      .poll(() => statusOf(agent, "mortal"), { timeout: 30_000 })
      .toMatchObject({
        phase: "running",
        restarts: 1,
        instances: [{ run: 2 }],
      });
    const { exits } = await answer(api.GET("/v1/apps/{app}/exits", { params }));
    expect(exits).toMatchObject([{ run: 1, code: 137, signal: "SIGKILL", reason: "signal" }]);
    expect((await processOf(agent, "mortal")).run).toBe(2);
  });

  test("does not keep the next agent from taking over after a kill -9", async () => {
    const { disk, agent } = await agentOnSmallDisk();
    const { api } = agent.client;
    const query = { wait: "running" } as const;
    await answer(api.POST("/v1/apply", { body: sleeper("steady", "1"), params: { query } }));
    const before = await processOf(agent, "steady");

    await agent.end("SIGKILL");
    disk.fill();
    await agent.start();
    await expect
      .poll(() => statusOf(agent, "steady"))
      .toMatchObject({
        phase: "running",
        restarts: 0,
        instances: [{ pid: before.pid, run: 1 }],
      });
    await runtimeChecked(agent);
    disk.fill();
    await expect(answer(api.POST("/v1/apply", { body: sleeper("steady", "2") }))).rejects.toMatchObject(REFUSAL);
    expect(await processOf(agent, "steady")).toEqual(before);

    disk.empty();
    await answer(api.POST("/v1/apply", { body: sleeper("steady", "2"), params: { query } }));
    expect((await processOf(agent, "steady")).pid).not.toBe(before.pid);
  });
});

async function agentOnSmallDisk(): Promise<{ disk: SmallDisk; agent: TestAgent }> {
  const disk = new SmallDisk(SIZE);
  onTestFinished(() => disk.remove());
  const agent = await startAgent({ workDir: join(disk.directory, "state") });
  onTestFinished(async () => {
    disk.empty();
    await agent.cleanUp();
  });
  agent.showOnFailure();
  return { disk, agent };
}

/** The runtime looks at the disk when it is loaded, with files that it removes: what they took would be free again. */
async function runtimeChecked({ client }: TestAgent): Promise<void> {
  const runtimes = async () => (await answer(client.api.GET("/v1/plugins"))).runtimes;
  await expect
    .poll(async () => (await runtimes()).find(({ name }) => name === "process"))
    .toMatchObject({ usable: true });
}

function sleeper(app: string, version: string): ApplyRequest {
  return { app, version, pkg: { type: "script", command: ["exec sleep 600"] } };
}

async function statusOf({ client }: TestAgent, app: string): Promise<AppStatus> {
  return answer(client.api.GET("/v1/status/{app}", { params: { path: { app } } }));
}

/** The one process of an app, by /proc. */
async function processOf({ owner }: TestAgent, app: string): Promise<RunProcess> {
  const own = () => appProcesses(owner, (instance) => instance.startsWith(`${app}-`));
  await expect.poll(own).toMatchObject([{ command: ["sleep", "600"] }]);
  return own()[0] as RunProcess;
}
