import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { environmentOf } from "./files.ts";
import type { Machine } from "./machine.ts";
import { resolveSettings } from "./resolve.ts";
import { readToken } from "./token.ts";

let home: string;
let cwd: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "damson-settings-"));
  cwd = join(home, "project");
  mkdirSync(cwd);
});

afterEach(() => rmSync(home, { recursive: true }));

function machine(env: Machine["env"] = {}, root = false): Machine {
  return { env, cwd, home, hostname: "box", root };
}

function put(path: string, text: string): void {
  mkdirSync(join(home, path, ".."), { recursive: true });
  writeFileSync(join(home, path), text);
}

it("has defaults", async () => {
  expect(await resolveSettings({}, machine())).toEqual({
    agent: "http://127.0.0.1:8081",
    token: undefined,
    tokenFile: undefined,
    workDir: join(home, ".local/state/damson"),
    port: 8081,
    host: "127.0.0.1",
    agentId: "box",
    nodeId: undefined,
    plugins: undefined,
    runMode: "process",
    controller: undefined,
    controllerToken: undefined,
    controllerTokenFile: undefined,
    nodeLabels: {},
    ip: undefined,
    capacity: undefined,
    tlsCert: undefined,
    tlsKey: undefined,
    insecure: false,
    allowedHosts: [],
  });
  expect(await resolveSettings({}, machine({}, true))).toMatchObject({ workDir: "/var/lib/damson" });
});

it("takes a flag before the environment, then .env, then the settings file, then the default", async () => {
  const port = async (flags: Readonly<Record<string, unknown>>, env: Machine["env"]) =>
    (await resolveSettings(flags, machine(env))).port;
  expect(await port({}, {})).toBe(8081);
  put("project/damson.yaml", "port: 1004");
  expect(await port({}, {})).toBe(1004);
  put("project/.env", "AGENT_SERVER_PORT=1003");
  expect(await port({}, {})).toBe(1003);
  expect(await port({}, { AGENT_SERVER_PORT: "1002" })).toBe(1002);
  expect(await port({}, { AGENT_SERVER_PORT: "1002", DAMSON_PORT: "1001" })).toBe(1001);
  expect(await port({ port: "1000" }, { DAMSON_PORT: "1001" })).toBe(1000);
});

it("does not put .env into the environment of the process", async () => {
  put("project/.env", "DAMSON_AGENT=http://there:1");
  expect(await resolveSettings({}, machine())).toMatchObject({ agent: "http://there:1" });
  expect(process.env.DAMSON_AGENT).toBeUndefined();
});

it("counts an empty variable as absent", async () => {
  expect(await resolveSettings({}, machine({ DAMSON_PORT: "" }))).toMatchObject({ port: 8081 });
});

it.each([
  ["AGENT_WORK_DIR", "/data", { workDir: "/data" }],
  ["AGENT_DATA_DIR", "/data", { workDir: "/data" }],
  ["AGENT_SERVER_HOST", "::1", { host: "::1" }],
  ["AGENT_ID", "a1", { agentId: "a1", nodeId: undefined }],
  ["AGENT_NODE_ID", "n1", { agentId: "n1", nodeId: "n1" }],
  ["AGENT_RUN_MODE", "docker", { runMode: "docker" }],
  ["CONTROLLER_BASE", "http://c:8080/", { controller: "http://c:8080" }],
  ["AGENT_IP", "10.0.0.7", { ip: "10.0.0.7" }],
  ["DAMSON_NODE_LABELS", "zone=a, disk=ssd", { nodeLabels: { zone: "a", disk: "ssd" } }],
  ["DAMSON_NODE_CAPACITY", "cpu=1.5,memory=2g", { capacity: { cpu: 1.5, memory: 2 ** 31 } }],
  ["DAMSON_CONTROLLER_TOKEN", "secret", { controllerToken: "secret", controllerTokenFile: undefined }],
  ["DAMSON_ALLOWED_HOSTS", "a.example, b.example", { allowedHosts: ["a.example", "b.example"] }],
])("knows %s", async (name, value, expected) => {
  expect(await resolveSettings({}, machine({ [name]: value }))).toMatchObject(expected);
});

it("takes relative paths from the current folder, and those of the file from its folder", async () => {
  put(".config/damson/config.yaml", "work_dir: state\ntls_cert: cert.pem");
  const settings = await resolveSettings({ plugins: "here.yaml" }, machine({ DAMSON_TLS_KEY: "key.pem" }));
  expect(settings).toMatchObject({
    plugins: join(cwd, "here.yaml"),
    tlsKey: join(cwd, "key.pem"),
    workDir: join(home, ".config/damson/state"),
    tlsCert: join(home, ".config/damson/cert.pem"),
  });
});

it("takes labels and the capacity of the node from a map of the file too, and refuses what is neither", async () => {
  put("project/damson.yaml", "node_labels: { zone: a, rack: 7 }\nnode_capacity: { cpu: 2 }");
  expect(await resolveSettings({}, machine())).toMatchObject({
    nodeLabels: { zone: "a", rack: "7" },
    capacity: { cpu: 2 },
  });
  for (const capacity of ["cpu", "cpu=many", "cpu=1,disk=5g", "memory=lots"]) {
    await expect(resolveSettings({ capacity }, machine())).rejects.toThrow(
      "expected a capacity such as cpu=4,memory=8g",
    );
  }
  await expect(resolveSettings({ nodeLabels: ["zone"] }, machine())).rejects.toThrow("expected key=value pairs");
});

it("reads the file of the current folder alone when there is one", async () => {
  put(".config/damson/config.yaml", "port: 1\nhost: other");
  put("project/damson.yaml", "port: 2");
  expect(await resolveSettings({}, machine())).toMatchObject({ port: 2, host: "127.0.0.1" });
});

describe("refuses", () => {
  it.each([
    [{ port: "x" }, {}, '--port: expected a port from 0 to 65535, got "x"'],
    [{}, { DAMSON_PORT: "65536" }, 'DAMSON_PORT: expected a port from 0 to 65535, got "65536"'],
    [
      {},
      { DAMSON_AGENT: "localhost:8081" },
      "DAMSON_AGENT: expected a URL with http:// or https://, such as http://127.0.0.1:8080",
    ],
    [{}, { DAMSON_INSECURE: "yes" }, 'DAMSON_INSECURE: expected true or false, got "yes"'],
  ])("%o %o", async (flags, env, message) => {
    const settled = resolveSettings(flags, machine(env));
    await expect(settled).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining(message) });
  });

  it("a key that is no setting, with its place and the nearest one", async () => {
    put("project/damson.yaml", "host: 127.0.0.1\nworkdir: /data\n");
    await expect(resolveSettings({}, machine())).rejects.toMatchObject({
      code: "SETTINGS_INVALID",
      exitCode: 2,
      issues: [{ line: 2, column: 1, path: "workdir", hint: 'Did you mean "work_dir"?' }],
    });
  });

  it.each(["- a list", "port: [1", "port: 1\nport: 2"])("a file that holds %o", async (text) => {
    put("project/damson.yaml", text);
    await expect(resolveSettings({}, machine())).rejects.toMatchObject({ code: "SETTINGS_INVALID", exitCode: 2 });
  });

  it("a value of the wrong type in the file", async () => {
    put("project/damson.yaml", "port: many");
    const message = `port in ${join(cwd, "damson.yaml")}: expected a port from 0 to 65535, got "many"`;
    await expect(resolveSettings({}, machine())).rejects.toMatchObject({ message });
  });
});

describe("the token", () => {
  it("comes from the flag's file before the environment, and from there before the file of the settings", async () => {
    put("project/flag", "of-flag\n");
    put("project/file", "of-file\n");
    put("project/damson.yaml", "token_file: file");
    const token = async (flags: Readonly<Record<string, unknown>>, env: Machine["env"]) =>
      readToken(await resolveSettings(flags, machine(env)));
    expect(await token({}, {})).toBe("of-file");
    expect(await token({}, { DAMSON_TOKEN: "of-env" })).toBe("of-env");
    expect(await token({ tokenFile: "flag" }, { DAMSON_TOKEN: "of-env" })).toBe("of-flag");
  });

  it("must be in its file", async () => {
    put("project/empty", "\n");
    const empty = await resolveSettings({ tokenFile: "empty" }, machine());
    expect(() => readToken(empty)).toThrow(/is empty/);
    const absent = await resolveSettings({ tokenFile: "absent" }, machine());
    expect(() => readToken(absent)).toThrow(/cannot be read: ENOENT/);
  });
});

it("gives plugins the environment, and what .env adds to it", async () => {
  put("project/.env", "ADDED=of-file\nSET=of-file\nEMPTY=of-file");
  const environment = await environmentOf(machine({ SET: "of-env", EMPTY: "" }));
  expect(environment).toEqual({ ADDED: "of-file", SET: "of-env", EMPTY: "of-file" });
});
