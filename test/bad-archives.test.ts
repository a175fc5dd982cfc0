import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type ApplyRequest, type AppStatus, answer } from "@damson/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BOUNDS, badArchives } from "./bad-input/archives.ts";
import { zip } from "./bad-input/pack.ts";
import { freePort } from "./support/ports.ts";
import { appProcesses, runProcesses } from "./support/proc.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";
import { startAgent, type TestAgent } from "./support/test-agent.ts";
import { treeOf } from "./support/tree.ts";
import { until } from "./support/until.ts";

type Pkg = NonNullable<ApplyRequest["pkg"]>;

const scratch = temporaryDirectory();
const outside = join(scratch, "outside");
const archive = join(outside, "archive");
const good = zip([{ name: "start.sh", content: "#!/bin/sh\nexit 0\n" }]);
const sha256 = createHash("sha256").update(good).digest("hex");
const other = "0".repeat(64);

let agent: TestAgent;
let files: Server;
let sleeperPid: number | undefined;

beforeAll(async () => {
  mkdirSync(outside);
  const plugins = join(scratch, "plugins.yaml");
  writeFileSync(
    plugins,
    JSON.stringify({ plugins: [{ use: "@damson/runtime-process", config: { artifacts: BOUNDS } }] }),
  );
  files = createServer((request, response) => {
    if (request.url === "/good.zip") response.end(good);
    else if (request.url === "/big.zip") response.end(Buffer.alloc(2 ** 20 + 1));
    else if (request.url === "/file") response.writeHead(302, { location: "file:///etc/passwd" }).end();
    else if (request.url === "/circle") response.writeHead(302, { location: "/circle" }).end();
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => files.listen(0, "127.0.0.1", resolve));
  agent = await startAgent({ plugins });
  await apply("sleeper", { type: "binary", command: ["/bin/sleep", "86400"] }, "running");
  sleeperPid = appProcesses(agent.owner)[0]?.pid;
  expect(sleeperPid).toBeTypeOf("number");
});

afterAll(async () => {
  files?.close();
  rmSync(scratch, { recursive: true, force: true });
  await agent?.cleanUp();
});

async function apply(app: string, pkg: Pkg, wait?: "running"): Promise<void> {
  const body: ApplyRequest = { app, version: "v1", pkg, restart: "never" };
  await answer(agent.client.api.POST("/v1/apply", { body, params: { query: wait ? { wait } : {} } }));
}

/** Applies a package that cannot be prepared, and sees that only the app itself is the worse for it. */
async function expectFailure(pkg: Pkg, reason: RegExp): Promise<void> {
  agent.showOnFailure();
  const before = { outside: treeOf(outside), work: treeOf(agent.workDir) };
  await apply("bad", pkg);
  const path = { app: "bad" };
  const status = await until<AppStatus | false>("the app has failed", async () => {
    const found = await answer(agent.client.api.GET("/v1/status/{app}", { params: { path } }));
    return found.phase === "failed" && found;
  });
  expect(status.reason).toMatch(reason);
  expect(status.reason).not.toMatch(/node_modules|\bat .+:\d+:\d+|internal/);
  expect(status).toMatchObject({ status: "error", restarts: 0, instances: [{ phase: "failed" }] });
  expect(treeOf(outside)).toEqual(before.outside);

  await answer(agent.client.api.DELETE("/v1/apps/{app}", { params: { path, query: { wait: true } } }));
  expect(withoutCache(treeOf(agent.workDir))).toEqual(withoutCache(before.work));
  expect(appProcesses(agent.owner).map(({ pid }) => pid)).toEqual([sleeperPid]);
  expect(runProcesses(agent.owner)).toHaveLength(2);
}

/** Archives whose content was right are kept for a day; they are files with names that Damson chose. */
function withoutCache(tree: Record<string, string>): Record<string, string> {
  const kept = Object.entries(tree).filter(([path]) => !/\/artifacts\/[0-9a-f]{64}(\/archive)?$/.test(path));
  return Object.fromEntries(kept);
}

test.for(badArchives(join(outside, "escaped")))("an archive with %s", async ([, content, reason]) => {
  writeFileSync(archive, content());
  await expectFailure({ type: "artifact", path: archive }, reason);
});

test.for<[what: string, url: string, sha256: string, reason: RegExp]>([
  [
    "another SHA-256",
    "/good.zip",
    other,
    /\/good\.zip has the SHA-256 [0-9a-f]{64}, and not 0{64}\. Give the SHA-256 of/,
  ],
  ["nothing there", "/absent.zip", sha256, /\/absent\.zip answers 404\. See whether the URL is right/],
  [
    "more than may be downloaded",
    "/big.zip",
    sha256,
    /\/big\.zip has more than 1048576 bytes\. If the artifact is right, raise /,
  ],
])("a download with %s", async ([, url, wanted, reason]) => {
  const { port } = files.address() as AddressInfo;
  const pkg = { type: "artifact", url: `http://127.0.0.1:${port}${url}`, sha256: wanted };
  await expectFailure(pkg, reason);
});

test.for<[what: string, url: string, reason: RegExp]>([
  ["a redirection to a file", "/file", /\/file cannot be downloaded: /],
  [
    "a redirection in a circle",
    "/circle",
    /\/circle cannot be downloaded: redirect count exceeded\. See whether this machine reaches/,
  ],
])("a download with %s", async ([, url, reason]) => {
  const { port } = files.address() as AddressInfo;
  await expectFailure({ type: "artifact", url: `http://127.0.0.1:${port}${url}`, sha256 }, reason);
});

test("a download from where nobody listens, whose password is not told", async () => {
  const url = `http://user:hunter2@127.0.0.1:${await freePort()}/a.zip?token=hunter2`;
  await expectFailure(
    { type: "artifact", url, sha256 },
    /^could not start: http:\/\/127\.0\.0\.1:\d+\/a\.zip cannot be downloaded: (?!.*hunter2)/,
  );
});

test("an archive on disk with another SHA-256", async () => {
  writeFileSync(archive, good);
  await expectFailure(
    { type: "artifact", path: archive, sha256: other },
    /has the SHA-256 [0-9a-f]{64}, and not 0{64}\. Give the SHA-256 of/,
  );
});
