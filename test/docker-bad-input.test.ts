import { rmSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { zipOf } from "@damson/artifact/testing";
import { answer } from "@damson/client";
import { expect, type TestContext, test } from "vitest";
import { applying, type BadInput, type Fields, type Places } from "./bad-input/bad-input.ts";
import { badContainerArtifacts, badContainers } from "./bad-input/containers.ts";
import { expectRefused } from "./bad-input/expect-refused.ts";
import { BUSYBOX } from "./support/busybox-image.ts";
import { sharedEngine } from "./support/docker-engine.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";
import { startAgent } from "./support/test-agent.ts";
import { treeOf } from "./support/tree.ts";
import { until } from "./support/until.ts";

function placesIn(directory: string): Places {
  const at = (name: string) => join(directory, name);
  return { canary: at("canary"), plainFile: at("plain-file"), absent: at("absent") };
}

/** An agent where containers run artifacts, too. */
async function agentOn(context: TestContext, host: string) {
  const directory = temporaryDirectory();
  const environment = { DOCKER_HOST: host, AGENT_RUN_MODE: "docker", PLUM_BASE_IMAGE: BUSYBOX };
  const agent = await startAgent({ environment });
  context.onTestFinished(async () => {
    await agent.cleanUp();
    rmSync(directory, { recursive: true });
  }, 60_000);
  agent.showOnFailure();
  await agent.ready();
  // A runtime tries out the disk when it is checked, with files that it removes.
  await until("both runtimes are checked", async () => {
    const { runtimes } = await answer(agent.client.api.GET("/v1/plugins"));
    return runtimes.length === 2 && runtimes.every(({ version, reason }) => version ?? reason);
  });
  return { agent, directory, places: placesIn(directory) };
}

/** Which of these the agent does not refuse as it should, and why. */
async function wrongOf(url: string, rows: readonly BadInput[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const row of rows) {
    await expectRefused(url, row).catch((error: Error) => wrong.push(`${row[0]}: ${error.message}`));
  }
  return wrong;
}

/** What only an engine knows. */
function unfitFor(places: Places): BadInput[] {
  const apply = applying(places);
  const docker = (fields: Fields) => apply({ pkg: { type: "docker", image: BUSYBOX, ...fields } });
  const limits = (resources: Fields) => docker({ resources });
  const absent = { image: "testbed/absent:1", pull_policy: "never" };
  const cores = cpus().length;
  return [
    ["more cores than there are", limits({ cpu_limit: cores + 1 }), 422, "PACKAGE_INVALID", "pkg.resources.cpu_limit"],
    ["a core that is not there", limits({ cpu_set: `0,${cores}` }), 422, "PACKAGE_INVALID", "pkg.resources.cpu_set"],
    ["an endless core", limits({ cpu_set: "0-999999999" }), 422, "PACKAGE_INVALID", "pkg.resources.cpu_set"],
    ["an absent image that must not be pulled", docker(absent), 422, "IMAGE_MISSING", "pkg.image"],
  ];
}

test("bad packages for containers are refused without an engine, and change nothing", async (context) => {
  const { agent, places } = await agentOn(context, "unix:///nowhere/docker.sock");
  const before = treeOf(agent.workDir);
  expect(await wrongOf(agent.url, [...badContainers(places), ...badContainerArtifacts(places)])).toEqual([]);
  expect(treeOf(agent.workDir)).toEqual(before);
  expect(await agent.status()).toEqual({ apps: [], damaged: [] });
});

test("bad packages for containers are refused with an engine, and change nothing", async (context) => {
  const engine = await sharedEngine(context);
  const { agent, directory, places } = await agentOn(context, engine.host);
  const artifact = join(directory, "demo.zip");
  const start = "#!/bin/sh\nexec sleep 86400\n";
  writeFileSync(artifact, zipOf([{ name: "start.sh", content: start, mode: 0o100755 }]));
  for (const [app, pkg] of [
    ["sleeper", { type: "docker", image: BUSYBOX, command: ["sleep", "86400"] }],
    ["unpacked", { type: "artifact", path: artifact }],
  ] as const) {
    const query = { wait: "healthy", timeout: "60s" } as const;
    await answer(agent.client.api.POST("/v1/apply", { body: { app, version: "v1", pkg }, params: { query } }));
  }
  const containers = async () =>
    (await engine.containers(`damson.owner=${agent.owner}`)).map(({ Id, State }) => [
      Id,
      State.StartedAt,
      State.Running,
    ]);
  const [tree, running] = [treeOf(agent.workDir), await containers()];
  expect(running).toHaveLength(2);
  const rows = [...badContainers(places), ...badContainerArtifacts(places), ...unfitFor(places)];
  expect(await wrongOf(agent.url, rows)).toEqual([]);
  // The same about an app that runs: nothing of it is changed.
  const ofSleeper = rows.map(([what, sent, ...rest]): BadInput => [what, renamed(sent, "refused", "sleeper"), ...rest]);
  expect(await wrongOf(agent.url, ofSleeper)).toEqual([]);
  expect(treeOf(agent.workDir)).toEqual(tree);
  expect(await containers()).toEqual(running);
  expect((await agent.status()).apps).toMatchObject([
    { app: "sleeper", phase: "running", restarts: 0, version: "v1" },
    { app: "unpacked", phase: "running", restarts: 0, version: "v1" },
  ]);
});

/** The names have the same length, and so have the requests. */
function renamed(sent: string | Buffer, from: string, to: string): Buffer {
  return Buffer.from(sent.toString("latin1").replace(`"app":"${from}"`, `"app":"${to}"`), "latin1");
}

const WRONG_AT_START: readonly (readonly [what: string, pkg: object, reason: RegExp])[] = [
  ["an absent program", { command: ["/no/such"] }, /"\/no\/such" is not in the image .+\. Give the path of a program/],
  [
    "an absent network",
    { network: "no-such-net" },
    /has no network "no-such-net"\. Make it with `docker network create`/,
  ],
  ["an absent user", { user: "nobody-here" }, /has no user "nobody-here"\. Give a user that the image has/],
  ["an unknown log driver", { log_driver: { type: "no-such-driver" } }, /no-such-driver/],
  [
    "a file as working_dir",
    { working_dir: "/bin/sh" },
    /\/bin\/sh is no directory in the container\. Give a directory/,
  ],
];

test("what only a start can show is told with what to do, and healed by the next version", async (context) => {
  const engine = await sharedEngine(context);
  const { agent } = await agentOn(context, engine.host);
  await Promise.all(
    WRONG_AT_START.map(async ([what, pkg, reason], index) => {
      const app = `wrong-${index}`;
      const good = { type: "docker", image: BUSYBOX, command: ["sleep", "86400"], network: "none" };
      const apply = (version: string, fields: object) => {
        const body = { app, version, pkg: { ...good, ...fields }, update: { min_running: "0s" } };
        return answer(agent.client.api.POST("/v1/apply", { body }));
      };
      await apply("v1", pkg);
      const status = () => answer(agent.client.api.GET("/v1/status/{app}", { params: { path: { app } } }));
      const failed = await until(`${what} is told`, async () => {
        const now = await status();
        return now.phase === "failed" && now;
      });
      expect(failed.reason).toMatch(/^could not start: /);
      expect(failed.reason).toMatch(reason);
      expect(failed.reason).not.toMatch(/HTTP code|node_modules|undefined/);
      await apply("v2", {});
      await until(`${what} is healed`, async () => (await status()).healthy.level === 100);
      expect((await status()).reason).toBeUndefined();
    }),
  );
  expect((await engine.containers(`damson.owner=${agent.owner}`)).map(({ State }) => State.Running)).toEqual(
    WRONG_AT_START.map(() => true),
  );
});
