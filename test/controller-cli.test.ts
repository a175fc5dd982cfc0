import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { zipOf } from "@damson/artifact/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { damson, type Ran } from "./support/damson.ts";
import { DamsonProcess } from "./support/damson-process.ts";
import { freePort } from "./support/ports.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";
import { startAgent, type TestAgent } from "./support/test-agent.ts";
import { startController, type TestController } from "./support/test-controller.ts";
import { until } from "./support/until.ts";

const EXECUTABLE = 0o100755;
const NODES = ["nodeA", "nodeB"];

let folder: string;
let controller: TestController;
const agents: TestAgent[] = [];

beforeAll(async () => {
  folder = temporaryDirectory();
  controller = await startController();
  for (const node of NODES) {
    agents.push(await startAgent({ words: ["--controller", controller.url, "--agent-id", node] }));
  }
  await until("both nodes have joined", async () => {
    const nodes = await json<readonly { health: string; runtimes: readonly unknown[] }[]>("node", "list");
    return nodes.length === 2 && nodes.every(({ health, runtimes }) => health === "Healthy" && runtimes.length > 0);
  });
}, 60_000);

afterAll(async () => {
  const faults: unknown[] = [];
  const attempt = (work: Promise<unknown>): Promise<unknown> => work.catch((thrown) => faults.push(thrown));
  await attempt(deleteAll());
  for (const agent of agents) await attempt(agent.cleanUp());
  await attempt(controller.cleanUp());
  if (faults.length > 0) throw new AggregateError(faults, faults.join("\n"));
}, 60_000);

async function deleteAll(): Promise<void> {
  for (const { name } of await json<readonly { name: string }[]>("deployment", "list")) {
    await run("deployment", "delete", name);
  }
  for (const agent of agents) {
    await until("the controller's apps are gone", async () => (await agent.status()).apps.length === 0);
  }
}

function run(...words: string[]): Promise<Ran> {
  return damson(words, folder, { DAMSON_CONTROLLER: controller.url });
}

/** Runs a command that must succeed. @returns what it wrote */
async function done(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(...words);
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

async function json<T>(...words: string[]): Promise<T> {
  return JSON.parse(await done(...words, "--json"));
}

function put(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return name;
}

/** An archive as Plum's users make it. */
function archive(name: string, version: string): Buffer {
  return zipOf([
    { name: "start.sh", content: "#!/bin/sh\necho up; exec sleep 86400\n", mode: EXECUTABLE },
    { name: "meta.ini", content: `name=${name}\nversion=${version}\n` },
  ]);
}

/** A deployment of a script. */
function script(name: string, version: string, command: readonly string[], more: object = {}): string {
  const spec = { app: name, version, pkg: { type: "script", command }, update: { min_running: "200ms" } };
  return JSON.stringify({ name, spec, update: { healthy_within: "5s" }, ...more });
}

describe("archives", () => {
  test("are uploaded, listed, and kept while a deployment uses them", async () => {
    put("demo.zip", archive("demo", "1"));
    expect(await done("app", "upload", "demo.zip")).toMatch(/^demo 1: \/artifacts\/demo_1_[0-9a-f]+\.zip\n$/);
    expect(await done("app", "list")).toMatch(/^demo +1 +\d.* B +.*ago|just now +- +[0-9a-f]{32} /m);

    put("demo.yaml", "name: demo\nentries:\n  - artifact: ./demo.zip\n    replicas: { nodeA: 1, nodeB: 2 }\n");
    expect(await done("deploy", "-f", "demo.yaml", "--wait")).toBe("demo: version 1, 3 instances, healthy\n");
    expect(await done("deploy", "-f", "demo.yaml")).toBe("demo: version 1, 3 instances, unchanged\n");
    const { code, stderr } = await run("app", "delete", "demo");
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("demo") });
    expect(await done("app", "list")).toMatch(/^demo +1 .* demo /m);
  });

  test("go when nothing uses them", async () => {
    put("gone.zip", archive("gone", "7"));
    await done("app", "upload", "gone.zip");
    expect(await done("app", "delete", "gone", "7")).toBe("gone 7: deleted\n");
    expect(await run("app", "delete", "gone")).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("ARTIFACT_NOT_FOUND"),
    });
  });

  test("that are none are refused with the reason", async () => {
    put("text.zip", "not a zip");
    expect(await run("app", "upload", "text.zip")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error \w+ /),
    });
    put("bare.zip", zipOf([{ name: "start.sh", content: "true" }]));
    expect(await run("app", "upload", "bare.zip")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("meta.ini"),
    });
    expect(await run("app", "upload", "absent.zip")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("error FILE_UNREADABLE absent.zip cannot be read: there is no such file"),
    });
  });
});

describe("a deployment", () => {
  test("is scaled by node, and shown where it runs", async () => {
    await done("deployment", "scale", "demo", "nodeA=2", "nodeB=2", "--wait");
    expect(await done("deployment", "list")).toMatch(/^demo +1 +running +4\/4 /m);
    const shown = await done("deployment", "show", "demo");
    expect(shown.match(/ nodeA +1 +running +yes /g)).toHaveLength(2);
    expect(await done("node", "show", "nodeA")).toMatch(/instances +2\n/);
    expect((await agents[0]?.status())?.apps).toHaveLength(2);
  });

  test("is explained: who was rejected for what", async () => {
    const more = { placement: { constraints: [{ label: "zone", values: ["east"] }] }, replicas: 2 };
    put("nowhere.yaml", script("nowhere", "1", ["sleep 86400"], more));
    const declared = await run("deploy", "-f", "nowhere.yaml");
    expect(declared).toMatchObject({
      code: 0,
      stderr: "warning: 2 of 2 instances have no node yet; `damson explain nowhere` tells why\n",
    });
    const { code, stderr } = await run("deploy", "-f", "nowhere.yaml", "--wait", "--timeout", "1s");
    expect(code).toBe(1);
    expect(stderr).toContain("error WAIT_TIMEOUT nowhere is not healthy within 1s: ");
    expect(stderr).toContain("2 without a node");
    expect(stderr).toContain("damson explain nowhere");
    const explained = await done("explain", "nowhere");
    expect(explained).toMatch(/^nowhere: 0 of 2 placed, 2 without a node; \w+ looked at 2 nodes /);
    expect(explained).toMatch(/ {2}nodeA, nodeB {2}.*zone/);
    await done("deployment", "delete", "nowhere");
  });

  test("is rolled out and rolled back; a version that fails is taken back, and told of", async () => {
    put("shop.yaml", script("shop", "v1", ["sleep 86400"], { replicas: 2 }));
    await done("deploy", "-f", "shop.yaml", "--wait");
    expect(await done("deploy", "-f", "shop.yaml", "--set", "spec.version=v2", "--wait=running")).toMatch(
      /^shop: version 2/,
    );
    await done("deployment", "rollout", "shop");

    put("broken.yaml", script("shop", "v3", ["echo cannot find the database", "exit 7"]));
    const broken = await run("deploy", "-f", "broken.yaml", "--wait");
    expect(broken.code).toBe(1);
    expect(broken.stderr).toContain('error DEPLOYMENT_FAILED the rollout of "shop" to version 3 failed');
    expect(broken.stderr).toContain("taken back to version 2");
    expect(await run("deployment", "rollout", "shop")).toMatchObject({ code: 1 });
    expect(await done("deployment", "versions", "shop")).toMatch(/^3 .* failed\n2 .* runs now\n1 /m);

    expect(await done("deployment", "rollback", "shop", "--wait")).toBe("shop: rolled back, version 1\n");
    const { assignments } = await json<{ assignments: { appVersion: string }[] }>("deployment", "show", "shop");
    expect(assignments.map(({ appVersion }) => appVersion)).toEqual(["v1", "v1"]);
  });

  test("is stopped, started, paused and resumed", async () => {
    expect(await done("deployment", "stop", "shop", "--wait")).toBe("shop: stopped\n");
    expect(await done("deployment", "list")).toMatch(/^shop +1 +stopped /m);
    expect(await done("deployment", "start", "shop", "--wait")).toBe("shop: started\n");
    expect(await done("deployment", "pause", "shop")).toBe("shop: paused\n");
    expect(await done("deployment", "list")).toMatch(/^shop +1 +paused /m);
    expect(await done("deployment", "pause", "shop")).toBe("shop: was paused already\n");
    expect(await done("deployment", "resume", "shop")).toBe("shop: resumed\n");
  });

  test("is deleted, and then unknown", async () => {
    expect(await done("deployment", "delete", "shop")).toBe("shop: deleted\n");
    for (const words of [["deployment", "show"], ["deployment", "rollout"], ["deployment", "delete"], ["explain"]]) {
      expect(await run(...words, "shop")).toMatchObject({
        code: 3,
        stderr: expect.stringContaining("error DEPLOYMENT_NOT_FOUND"),
      });
    }
  });

  test("is waited for also over the death of the controller", async () => {
    put("slow.yaml", script("slow", "1", ["sleep 86400"], { replicas: 2, update: { healthy_within: "30s" } }));
    const words = ["deploy", "-f", "slow.yaml", "--set", "spec.update.min_running=3s", "--wait"];
    const waiting = new DamsonProcess([...words, "--controller", controller.url], folder);
    await until("it waits", () => waiting.stderr.includes("slow: 0 of 2 healthy"));
    await controller.restart("SIGKILL");
    expect(await waiting.ended).toEqual({ code: 0, signal: null });
    expect(waiting.stdout).toBe("slow: version 1, 2 instances, healthy\n");
    await done("deployment", "delete", "slow");
  });

  test("of several documents, one of which is wrong, is told of with its place", async () => {
    const good = script("good", "1", ["sleep 86400"]);
    put("several.yaml", `${good}\n---\n${script("bad", "1", ["true"], { replica: 2 })}\n---\n${good}`);
    const { code, stdout, stderr } = await run("deploy", "-f", "several.yaml");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "good: version 1, 1 instance, declared\n" });
    expect(stderr).toContain("several.yaml");
    expect(stderr).toContain("replica");
    expect(stderr).toContain('deployment "bad"');
    expect(stderr).toContain("Not applied after it");
    await done("deployment", "delete", "good");
  });
});

describe("nodes", () => {
  test("are cordoned and drained, and take instances again", async () => {
    put("mover.yaml", script("mover", "1", ["sleep 86400"], { replicas: 2 }));
    await done("deploy", "-f", "mover.yaml", "--wait");
    expect(await done("node", "cordon", "nodeA")).toMatch(/^nodeA: cordoned, \d+ instances? on it\n$/);
    await done("node", "drain", "nodeA", "--max-parallel", "2");
    await until("the instances that may move have moved", async () => {
      const { assignments } = await json<{ assignments: { nodeId: string }[] }>("deployment", "show", "mover");
      return assignments.length === 2 && assignments.every(({ nodeId }) => nodeId === "nodeB");
    });
    expect(await done("node", "list")).toMatch(/^nodeA +Healthy +draining /m);
    expect(await done("node", "uncordon", "nodeA")).toMatch(/^nodeA: takes instances again/);
    expect(await done("node", "failback", "nodeA")).toMatch(/^nodeA: \d+ instances? goe?s? back to it\n$/);
    await done("deployment", "delete", "mover");
  });

  test("that are in use, or unknown, are not deleted", async () => {
    expect(await run("node", "delete", "nodeB")).toMatchObject({ code: 1, stderr: expect.stringContaining("nodeB") });
    expect(await run("node", "show", "nowhere")).toMatchObject({ code: 3 });
  });
});

describe("the records", () => {
  test("tell what happened, and who asked for what", async () => {
    expect(await done("events", "--cluster", "--deployment", "demo")).toMatch(/ deployment\.created {2}demo {2}/);
    expect(await done("events", "--node", "nodeA")).toMatch(/ node\.registered {2}nodeA/);
    const audit = await done("audit", "-n", "1000");
    expect(audit).toMatch(/ POST \/v1\/deployments +done +200$/m);
    expect(audit).toMatch(/ POST \/v1\/nodes\/nodeA\/cordon +done +200$/m);
    expect(audit).toMatch(/ DELETE \/v1\/nodes\/nodeB +refused +409 /m);
    expect(audit).not.toContain("heartbeat");
  });
});

test("names are completed", async () => {
  expect(await done("complete", "--", "node", "show", "node")).toMatch(/^nodeA\t/m);
  expect(await done("complete", "--", "explain", "de")).toMatch(/^demo\t/m);
});

test("wrong words end with exit code 2, and nobody there with 4", async () => {
  for (const words of [
    ["deployment", "scale", "demo", "many"],
    ["deployment", "scale", "demo", "1", "nodeA=2"],
    ["deploy"],
    ["events", "--cluster", "--app", "x"],
    ["controller", "--failover-max-lost", "101"],
    ["node", "drain", "nodeA", "--max-parallel", "0"],
  ]) {
    expect({ words, code: (await run(...words)).code }).toEqual({ words, code: 2 });
  }
  const nobody = `http://127.0.0.1:${await freePort()}`;
  const { code, stderr } = await run("node", "list", "--controller", nobody);
  expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining("error CONTROLLER_UNREACHABLE") });
});
