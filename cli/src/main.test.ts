import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as readText } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { damson } from "./testing/run.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "damson-cli-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

it("prints its version", async () => {
  expect(await damson(["version"])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^damson \d+\.\d+\.\d+ \(/),
  });
  const { stdout } = await damson(["version", "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+\.\d+/), node: process.version });
});

it("documents its commands and exit codes", async () => {
  const { exitCode, stdout } = await damson(["--help"]);
  expect(exitCode).toBe(0);
  for (const command of ["apply", "status", "logs", "rollback", "stats", "exec", "events", "plugin", "completion"]) {
    expect(stdout).toMatch(new RegExp(`^  ${command} `, "m"));
  }
  expect(stdout).toContain("4    no answer from the agent");
});

it.each([[[]], [["status"]], [["plugin", "list"]]])("helps with %j as --help does", async (words) => {
  const help = await damson(["help", ...words]);
  expect(help).toMatchObject({ exitCode: 0, stderr: "" });
  expect(help.stdout).toBe((await damson([...words, "--help"])).stdout);
});

it("takes global flags before and after the command", async () => {
  for (const words of [
    ["--agent", "http://127.0.0.1:1", "status"],
    ["status", "--agent", "http://127.0.0.1:1"],
  ]) {
    expect(await damson(words)).toMatchObject({ exitCode: 4, stderr: expect.stringContaining("http://127.0.0.1:1") });
  }
});

describe("exits with 2 for", () => {
  it.each([
    [["rollbak"], "Did you mean rollback?"],
    [["top"], "error: unknown command 'top'\n(Did you mean stats?)\n"],
    [["ls"], "(Did you mean status?)"],
    [["rm", "shop"], "(Did you mean delete?)"],
    [["inspect", "shop"], "(Did you mean status <app>?)"],
    [["help", "ps"], "(Did you mean status?)"],
    [["help", "plugin", "lst"], "unknown command 'lst'"],
    [["apply", "web.yaml"], "not specified\n(Did you mean -f web.yaml?)\n"],
    [["apply", "-f", "a.yaml", "b.yaml", "c.yaml"], "(Did you mean -f b.yaml -f c.yaml?)"],
    [["status", "--wacht"], "Did you mean --watch?"],
    [["status", "a", "b"], "too many arguments"],
    [["logs"], "missing required argument 'app'"],
    [["logs", "shop", "--tail", "many"], "Expected a whole number"],
    [["logs", "shop", "--stream", "both"], "Allowed choices are stdout, stderr"],
    [["apply"], "required option '-f, --file <file>'"],
    [["apply", "-f", "x.yaml", "--wait", "soon"], "Allowed choices are running, healthy"],
    [["status", "--agent", "localhost"], "--agent: expected a URL"],
    [["stop", "shop", "--timeout", "soon"], '--timeout: "soon" is not a duration'],
    [["stop", "shop", "--timeout", "1h"], "--timeout: the longest wait is 240s"],
    [["agent", "--controller", "127.0.0.1:8080"], "--controller: expected a URL"],
    [["node", "list", "--controller", "nowhere"], "--controller: expected a URL"],
    [["controller", "--port", "http"], "--port: expected a port from 0 to 65535"],
    [["controller", "--tls-key", "key.pem"], "give both --tls-cert and --tls-key"],
    [["--controller", "http://127.0.0.1:1", "node", "list"], "It comes after a command for a controller"],
    [["deploy", "-f", "x.yaml", "--timeout", "soon"], '--timeout: "soon" is not a duration'],
    [["deployment", "stop", "shop", "--timeout", "soon"], '--timeout: "soon" is not a duration'],
    [["deployment", "rollout", "shop", "--no-wait", "--timeout", "soon"], '--timeout: "soon" is not a duration'],
    [["scale", "shop", "3"], "(Did you mean deployment scale?)"],
    [["deploy", "web.yaml"], "(Did you mean -f web.yaml?)"],
    [["deploy"], "required option '-f, --file <file>' not specified"],
    [["deploy", "-f", "x.yaml", "--wait", "gone"], "Allowed choices are running, healthy"],
    [["deployment", "scale", "shop", "many"], 'cannot read "many"'],
    [["events", "--cluster", "--app", "shop"], "--app is of an agent's events"],
    [["node", "drain", "a", "--max-parallel", "0"], "Expected a whole number, 1 or more"],
    [["agent", "--tls-cert", "cert.pem"], "give both --tls-cert and --tls-key"],
    [["completion", "cmd"], "Allowed choices are bash, zsh, fish"],
  ])("%j", async (words, text) => {
    const { exitCode, stderr, stdout } = await damson(words, { cwd: folder });
    expect(stderr).toContain(text);
    expect(stdout).toBe("");
    expect(exitCode).toBe(2);
  });
});

it("names the variable whose value is wrong", async () => {
  const env = { DAMSON_AGENT: "nowhere" };
  expect(await damson(["status"], { env })).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("DAMSON_AGENT"),
  });
});

it("says what to do when there is no agent, for people and for programs", async () => {
  const { exitCode, stderr, stdout } = await damson(["status", "--agent", "http://127.0.0.1:1"]);
  expect(exitCode).toBe(4);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^error AGENT_UNREACHABLE No answer from http:\/\/127\.0\.0\.1:1: /);
  expect(stderr).toContain("Start one with `damson agent`");
  const json = await damson(["status", "--agent", "http://127.0.0.1:1", "--json"]);
  expect(JSON.parse(json.stderr)).toMatchObject({ code: "AGENT_UNREACHABLE", exitCode: 4 });
});

describe("towards the agent", () => {
  let requests: string[];
  let server: Server;
  let agent: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ success: true, message: "done", app: "shop", version: "v1", changed: true }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    agent = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  beforeEach(() => {
    requests = [];
  });

  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
  });

  it("sends nothing when one of several documents is wrong", async () => {
    const input = "app: a\nversion: v1\n---\napp: b\napp: c\n";
    const { exitCode, stderr } = await damson(["apply", "-f", "-", "--agent", agent], { input });
    expect(stderr).toBe("error YAML_INVALID stdin:5:1: Map keys must be unique");
    expect(exitCode).toBe(1);
    expect(requests).toEqual([]);
  });

  it.each([
    [["stop", "shop"], "POST /v1/apps/shop/stop?wait=true"],
    [["delete", "shop", "--no-wait"], "DELETE /v1/apps/shop?wait=false"],
    [["restart", "shop", "--wait", "--timeout", "2m"], "POST /v1/apps/shop/restart?wait=true&timeout=2m"],
    [["rollback", "shop", "--revision", "3"], "POST /v1/apps/shop/rollback?wait=true&revision=3"],
  ])("%j waits as it was told", async (words, request) => {
    expect(await damson([...words, "--agent", agent])).toMatchObject({ exitCode: 0, stdout: "shop v1: done" });
    expect(requests).toEqual([request]);
  });

  it("applies every document, in order, as it was told", async () => {
    const input = "app: a\n---\napp: b\n";
    await damson(["apply", "-f", "-", "--agent", agent], { input });
    expect(requests).toEqual(["POST /v1/apply", "POST /v1/apply"]);
  });
});

describe("of several documents", () => {
  const ERROR = { code: "SPEC_INVALID", status: 422, detail: "no such type", remedy: "Correct it.", request_id: "r1" };
  const FAULT = { path: "pkg.type", message: "is not known" };
  let errors: readonly object[];
  let server: Server;
  let agent: string;

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const { app } = JSON.parse(await readText(request));
      response.statusCode = app === "b" ? 422 : 200;
      response.setHeader("content-type", app === "b" ? "application/problem+json" : "application/json");
      response.end(
        JSON.stringify(app === "b" ? { ...ERROR, errors } : { success: true, message: "done", app, version: "v1" }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    agent = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    writeFileSync(join(folder, "web.yaml"), "app: a\n---\napp: b\n---\napp: c\n");
    writeFileSync(join(folder, "d.yaml"), "app: d\n");
  });

  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
  });

  it("names the one that fails, and those after it", async () => {
    errors = [];
    const words = ["apply", "-f", "web.yaml", "-f", "d.yaml", "--agent", agent];
    const { exitCode, stderr, stdout } = await damson(words, { cwd: folder });
    expect(stdout).toBe("a v1: done");
    expect(stderr.split("\n")).toEqual([
      'error SPEC_INVALID web.yaml, document 2, app "b": no such type',
      '  Correct it. Not applied after it: web.yaml, document 3, app "c"; d.yaml, app "d".',
    ]);
    expect(exitCode).toBe(1);
  });

  it("names it beside each fault, for programs too", async () => {
    errors = [FAULT, { path: "version", message: "is missing" }];
    const words = ["apply", "-f", "web.yaml", "--agent", agent];
    const { stderr } = await damson(words, { cwd: folder });
    expect(stderr).toContain("error SPEC_INVALID web.yaml pkg.type: is not known\n");
    expect(stderr).toContain('This is about web.yaml, document 2, app "b". Correct it. Not applied after it: ');
    const json = JSON.parse((await damson([...words, "--json"], { cwd: folder })).stderr);
    expect(json).toMatchObject({ code: "SPEC_INVALID", exitCode: 1 });
    expect(json.issues).toContainEqual({ file: "web.yaml", ...FAULT });
    expect(json.message).toBe('web.yaml, document 2, app "b": no such type');
    errors = [FAULT];
    expect((await damson(words, { cwd: folder })).stderr.match(/document 2, app "b"/g)).toHaveLength(1);
  });
});

it("says which file it cannot read", async () => {
  const { exitCode, stderr } = await damson(["apply", "-f", "none.yaml"], { cwd: folder });
  expect(stderr).toBe("error FILE_UNREADABLE none.yaml cannot be read: there is no such file");
  expect(exitCode).toBe(1);
});

describe("plugins", () => {
  it("are checked without an agent, each fault with its place", async () => {
    writeFileSync(
      join(folder, "bad.yaml"),
      'plugins:\n  - use: "@damson/runtime-proces"\n  - use: ./none\n    conf: {}\n',
    );
    const { exitCode, stderr } = await damson(["plugin", "check", "--config", "bad.yaml"], { cwd: folder });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/bad\.yaml:4:5 .*conf/);
  });

  it("must have their plugins.yaml where it is said to be", async () => {
    const { exitCode, stderr } = await damson(["plugin", "check", "--config", "none.yaml"], { cwd: folder });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("PLUGINS_FILE_NOT_FOUND");
  });

  it("are the process runtime where there is no plugins.yaml", async () => {
    const { exitCode, stdout } = await damson(["plugin", "check"], { cwd: folder, env: { DAMSON_WORK_DIR: folder } });
    expect(stdout).toMatch(/^runtime-process +configured/m);
    expect(exitCode).toBe(0);
  });

  it("have a schema for editors", async () => {
    const { exitCode, stdout } = await damson(["plugin", "schema"], { cwd: folder });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ type: "object", required: ["plugins"] });
  });
});

describe("completion", () => {
  it.each(["bash", "zsh", "fish"])("has a script for %s", async (shell) => {
    const { exitCode, stdout } = await damson(["completion", shell]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("damson complete --");
  });

  it("knows commands, flags, choices and files", async () => {
    const complete = async (...words: string[]) => (await damson(["complete", "--", ...words], { cwd: folder })).stdout;
    expect(await complete("sta")).toMatch(/^status\t.*\nstart\t/);
    expect(await complete("logs", "shop", "--st")).toContain("--stream\t");
    expect(await complete("logs", "shop", "--stream", "")).toMatch(/^stdout\t\nstderr\t/);
    expect(await complete("plugin", "")).toContain("reload\t");
    writeFileSync(join(folder, "app.yaml"), "app: a\n");
    expect(await complete("apply", "--file", "app")).toContain("app.yaml\t");
  });
});
