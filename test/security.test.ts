import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ApplyRequest, answer } from "@damson/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { get } from "./bad-input/requests.ts";
import { send } from "./bad-input/send.ts";
import { damson } from "./support/damson.ts";
import { freePort, isFree } from "./support/ports.ts";
import { appProcesses, runProcesses } from "./support/proc.ts";
import { ServerProcess } from "./support/server-process.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";
import { startAgent, type TestAgent } from "./support/test-agent.ts";
import { until } from "./support/until.ts";

const TOKEN = "correct-horse-battery-staple-1234";
const WRONG = "wrong-horse-battery-staple-123456";
const EVERYWHERE = ["--host", "0.0.0.0"];
const OPEN = ["/v1/health"];
/** What nobody but the agent's user may do: anything with a file, and read or change a directory. */
const OTHERS = { file: 0o077, directory: 0o066 };

/** Starts an agent that should refuse to; resolves with how it ended and what it said. */
async function refused(words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const workDir = temporaryDirectory();
  const port = await freePort();
  try {
    const agent = new ServerProcess(
      "agent",
      ["--work-dir", workDir, "--port", String(port), ...words],
      environment,
      workDir,
    );
    const { code } = await agent.ended;
    expect(await isFree(port)).toBe(true);
    return { code, output: agent.output };
  } finally {
    rmSync(workDir, { recursive: true, force: true });
  }
}

describe("an agent that others could reach", () => {
  test("refuses to start without a token, and says what to do", async () => {
    const { code, output } = await refused(EVERYWHERE);
    expect(code).toBe(1);
    expect(output).toContain("error BIND_REFUSED Refusing to listen on 0.0.0.0, where others could run programs");
    expect(output).toContain("Set a token (--token-file or DAMSON_TOKEN) or TLS, listen on 127.0.0.1");
  });

  test.each(["::", "192.0.2.1", "example.invalid"])("refuses to start without a token on %s too", async (host) => {
    const { code, output } = await refused(["--host", host]);
    expect(code).toBe(1);
    expect(output).toContain(`error BIND_REFUSED Refusing to listen on ${host}`);
  });

  test("refuses a token that could be guessed, without telling it", async () => {
    const { code, output } = await refused(EVERYWHERE, { DAMSON_TOKEN: "hunter2" });
    expect(code).toBe(1);
    expect(output).toContain("error TOKEN_INVALID DAMSON_TOKEN does not hold a usable token");
    expect(output).not.toContain("hunter2");
  });

  test("starts with --insecure, and says so in its status", async () => {
    const agent = await startAgent({ words: [...EVERYWHERE, "--insecure"] });
    try {
      expect(await agent.status()).toMatchObject({ insecure: true });
    } finally {
      await agent.cleanUp();
    }
  });
});

test("an agent on the loopback does not call itself insecure", async () => {
  const agent = await startAgent({ words: ["--insecure"] });
  try {
    expect(await agent.status()).toEqual({ apps: [], damaged: [] });
  } finally {
    await agent.cleanUp();
  }
});

describe("an agent with a token", () => {
  let agent: TestAgent;
  beforeAll(async () => {
    agent = await startAgent({ words: EVERYWHERE, token: TOKEN });
  });
  afterAll(() => agent?.cleanUp());

  const call = (path: string, authorization?: string, method = "GET") =>
    fetch(`${agent.url}${path}`, { method, headers: authorization === undefined ? {} : { authorization } });

  test("answers whoever brings it", async () => {
    const answered = await call("/v1/status", `Bearer ${TOKEN}`);
    expect(answered.status).toBe(200);
    expect(await answered.json()).toEqual({ apps: [], damaged: [] });
  });

  test("asks for it at every route but health", async () => {
    const { paths }: { paths: Record<string, object> } = JSON.parse(
      await (await call("/openapi.json", `Bearer ${TOKEN}`)).text(),
    );
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method.toUpperCase(), path.replaceAll(/\{\w+\}/g, "any")] as const),
    );
    expect(routes.length).toBeGreaterThan(15);
    const others = [...routes, ["GET", "/openapi.json"], ["GET", "/metrics"], ["GET", "/nowhere"]] as const;
    for (const [method, path] of others) {
      const { status } = await call(path, undefined, method);
      expect(`${method} ${path} ${status}`).toBe(`${method} ${path} ${OPEN.includes(path) ? 200 : 401}`);
    }
  });

  test.each([
    undefined,
    "",
    "Bearer",
    "Bearer ",
    `Bearer ${WRONG}`,
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.slice(0, -1)}`,
    `Bearer ${TOKEN} ${TOKEN}`,
    `Basic ${btoa(`user:${TOKEN}`)}`,
    TOKEN,
    `token ${TOKEN}`,
  ])("refuses Authorization: %s", async (authorization) => {
    const answered = await call("/v1/status", authorization);
    expect(answered.status).toBe(401);
    expect(answered.headers.get("www-authenticate")).toBe('Bearer realm="damson"');
    const text = await answered.text();
    expect(JSON.parse(text)).toMatchObject({ code: "UNAUTHORIZED", remedy: expect.stringContaining("--token-file") });
    expect(text).not.toContain(TOKEN);
    expect(text).not.toContain(WRONG);
  });

  test("does not take it from the URL, nor tells it", async () => {
    const { status, body } = await send(agent.url, get(`/v1/status?token=${TOKEN}`));
    expect(status).toBe(401);
    expect(body).not.toContain(TOKEN);
  });

  test("is reached by the command line, which exits with 1 without it", async () => {
    const words = ["status", "--agent", agent.url, "--no-color"];
    expect(await damson(words, "/", { DAMSON_TOKEN: TOKEN })).toMatchObject({ code: 0, stderr: "" });
    const without = await damson(words, "/");
    expect(without.code).toBe(1);
    expect(without.stderr).toContain("error UNAUTHORIZED The request has no token, or not the right one");
  });

  test("keeps it out of its log, its files and its arguments", () => {
    expect(agent.output).toContain("The agent is up");
    expect(agent.output).not.toMatch(new RegExp(`${TOKEN}|${WRONG}`));
    expect(readFileSync(`/proc/${agent.pid}/cmdline`, "utf8")).not.toContain(TOKEN);
    for (const [path, content] of filesOf(agent.workDir)) expect(content.includes(TOKEN), path).toBe(false);
  });
});

test("a token file that others may read is warned of, and its token is not told", async () => {
  const directory = temporaryDirectory();
  const file = join(directory, "token");
  writeFileSync(file, `${TOKEN}\n`, { mode: 0o644 });
  const agent = await startAgent({ words: ["--token-file", file] });
  try {
    expect(agent.output).toContain(`Other users may read the token in ${file}; run: chmod 600 ${file}`);
    expect(agent.output).not.toContain(TOKEN);
    expect((await fetch(`${agent.url}/v1/status`)).status).toBe(401);
    expect((await fetch(`${agent.url}/v1/status`, { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(200);
  } finally {
    await agent.end("SIGTERM");
    rmSync(agent.workDir, { recursive: true, force: true });
    rmSync(directory, { recursive: true, force: true });
  }
});

describe("what an app's environment holds", () => {
  const SECRET = "s3cr3t-of-the-app";
  const OTHER = "another-of-the-app";
  const OF_AGENT = "only-the-agents-own";
  const app: ApplyRequest = {
    app: "shop",
    version: "v1",
    pkg: {
      type: "script",
      command: ["echo up", 'trap "exit 0" TERM', "while :; do sleep 0.1; done"],
      environment: { SECRET, OTHER },
    },
  };
  let agent: TestAgent;
  let authorization: string;

  beforeAll(async () => {
    agent = await startAgent({ token: TOKEN, environment: { OF_AGENT, LD_LIBRARY_PATH: OF_AGENT } });
    authorization = `Bearer ${TOKEN}`;
    await answer(agent.client.api.POST("/v1/apply", { body: app, params: { query: { wait: "running" } } }));
    const next = { ...app, version: "v2" };
    await answer(agent.client.api.POST("/v1/apply", { body: next, params: { query: { wait: "running" } } }));
  });
  afterAll(() => agent?.cleanUp());

  const read = async (path: string): Promise<string> => {
    const answered = await fetch(`${agent.url}${path}`, { headers: { authorization } });
    const text = await answered.text();
    expect(`${path} ${answered.status}`).toBe(`${path} 200`);
    return text;
  };

  test("is shown by no read API", async () => {
    const { paths } = JSON.parse(await read("/openapi.json"));
    // What is a WebSocket answers no plain request, and this agent has no controller.
    const readable = Object.keys(paths).filter(
      (path) => "get" in paths[path] && !path.endsWith("/exec") && path !== "/v1/controller",
    );
    expect(readable).toContain("/v1/apps/{app}/versions");
    for (const path of [...readable, "/metrics"]) {
      const text = await read(`${path.replace("{app}", "shop")}${path === "/v1/events" ? "?follow=false" : ""}`);
      for (const value of [SECRET, OTHER, OF_AGENT, TOKEN]) expect(text.includes(value), path).toBe(false);
    }
  });

  test("is revealed by name, and no more than that", async () => {
    const environments = async (query: string) => {
      const { versions } = JSON.parse(await read(`/v1/apps/shop/versions${query}`));
      return versions.map(({ spec }: { spec: ApplyRequest }) => spec.pkg?.environment);
    };
    const hidden = { SECRET: "***", OTHER: "***" };
    expect(await environments("")).toEqual([hidden, hidden]);
    expect(await environments("?reveal=SECRET,ABSENT")).toEqual(Array(2).fill({ ...hidden, SECRET }));
    expect(await environments("?reveal=*")).toEqual([hidden, hidden]);
    expect(await environments("?reveal=secret")).toEqual([hidden, hidden]);
  });

  test("is in no answer about a wrong one", async () => {
    const wrong = { ...app, pkg: { ...app.pkg, environment: { SECRET: `${SECRET}\0`, OTHER: 5, "A-B": SECRET } } };
    const answered = await fetch(`${agent.url}/v1/apply`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify(wrong),
    });
    expect(answered.status).toBe(400);
    const text = await answered.text();
    expect(JSON.parse(text).errors).toHaveLength(3);
    expect(text).not.toContain(SECRET);
  });

  test("is in no log of the agent and no arguments of a process", () => {
    for (const value of [SECRET, OTHER]) {
      expect(agent.output).not.toContain(value);
      for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
        expect(ofProcess(pid, "cmdline").includes(value), `pid ${pid}`).toBe(false);
      }
    }
  });

  test("reaches the app, and nothing of the agent's own does", () => {
    const processes = runProcesses(agent.owner);
    expect(processes.some(({ shim }) => shim)).toBe(true);
    for (const { pid } of processes) {
      const environment = ofProcess(pid, "environ");
      if (environment === "") continue;
      expect(environment).toContain(`SECRET=${SECRET}\0`);
      for (const value of [OF_AGENT, TOKEN, "DAMSON_TOKEN", "LD_LIBRARY_PATH"])
        expect(environment).not.toContain(value);
    }
    expect(appProcesses(agent.owner).length).toBeGreaterThan(0);
  });

  test("lies in files that others cannot read, as all that the agent keeps", async () => {
    await until("the app has written", async () => (await read("/v1/apps/shop/logs")).includes('"up"'));
    const names = [".", ...readdirSync(agent.workDir, { recursive: true, encoding: "utf8" })];
    expect(names.length).toBeGreaterThan(15);
    for (const name of names) {
      const stats = lstatSync(join(agent.workDir, name));
      // Apps of other users may pass through a directory, to what is their own.
      const forbidden = stats.isDirectory() ? OTHERS.directory : OTHERS.file;
      expect(`${name} ${(stats.mode & forbidden).toString(8)}`).toBe(`${name} 0`);
    }
  });
});

/** Empty once it has ended. */
function ofProcess(pid: string | number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

function filesOf(directory: string): [path: string, content: string][] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .map((name) => join(directory, name))
    .filter((path) => existsSync(path) && lstatSync(path).isFile())
    .map((path) => [path, readFileSync(path, "latin1")]);
}
