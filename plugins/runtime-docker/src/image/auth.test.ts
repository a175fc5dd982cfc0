import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { DamsonError } from "@damson/plugin-sdk";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loginFilePath, registryAuth } from "./auth.ts";

const SECRET = "hunter2-hunter2";
const HUB = "https://index.docker.io/v1/";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "damson-auth-"));
  file = join(folder, "config.json");
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const encoded = (user: string, password: string) => Buffer.from(`${user}:${password}`).toString("base64");
const write = (content: unknown) =>
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
const auth = (registry: string) => registryAuth(registry, undefined, file);

/** A `docker-credential-…` program of this name, first in PATH. */
function helper(name: string, script: string): void {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  const path = join(bin, `docker-credential-${name}`);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  vi.stubEnv("PATH", `${bin}:${process.env.PATH}`);
}

async function failure(registry: string): Promise<DamsonError> {
  const error = await auth(registry).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DamsonError)) throw new Error("it has not failed as it should", { cause: error });
  expect(error).toMatchObject({ code: "REGISTRY_LOGIN_FAILED", status: 422, remedy: expect.any(String) });
  expect(JSON.stringify([error.message, error.cause, error.issues, error.stack])).not.toContain("hunter2");
  return error;
}

describe("who to log in as", () => {
  it("is nobody without a file, and where the file does not have the registry", async () => {
    expect(await auth("ghcr.io")).toBeUndefined();
    write({});
    expect(await auth("ghcr.io")).toBeUndefined();
    write({ auths: { "quay.io": { auth: encoded("a", SECRET) }, "ghcr.io": {} }, HttpHeaders: { a: "b" } });
    expect(await auth("ghcr.io")).toBeUndefined();
  });

  it("is what plugins.yaml says, before the file", async () => {
    write("not even looked at");
    const registries = {
      "ghcr.io": { username: "bot", password: SECRET },
      "docker.io": { username: "hub", password: "p" },
    };
    expect(await registryAuth("ghcr.io", registries, file)).toEqual({
      username: "bot",
      password: SECRET,
      serveraddress: "ghcr.io",
    });
    expect(await registryAuth("docker.io", registries, file)).toMatchObject({ username: "hub", serveraddress: HUB });
  });

  it.each([
    ["ghcr.io", "ghcr.io"],
    ["ghcr.io", "https://ghcr.io"],
    ["ghcr.io", "https://ghcr.io/"],
    ["ghcr.io", "https://ghcr.io/v2/"],
    ["registry:5000", "registry:5000"],
    ["registry:5000", "http://registry:5000/v1/"],
    ["docker.io", HUB],
    ["docker.io", "index.docker.io"],
    ["docker.io", "docker.io"],
  ])("is noted for %s as %s", async (registry, key) => {
    write({ auths: { [key]: { auth: encoded("user", "pass:with:colons é") } } });
    expect(await auth(registry)).toEqual({
      username: "user",
      password: "pass:with:colons é",
      serveraddress: registry === "docker.io" ? HUB : registry,
    });
  });

  it("is not taken from another port of the same host", async () => {
    write({
      auths: { "registry:5001": { auth: encoded("user", SECRET) }, registry: { auth: encoded("user", SECRET) } },
    });
    expect(await auth("registry:5000")).toBeUndefined();
  });

  it("may be a token in place of a password", async () => {
    write({ auths: { "ghcr.io": { auth: encoded("<token>", ""), identitytoken: SECRET } } });
    expect(await auth("ghcr.io")).toEqual({ identitytoken: SECRET, serveraddress: "ghcr.io" });
  });

  it.each(["", "!!!", Buffer.from("no colon").toString("base64"), encoded("", SECRET)])(
    "is nobody where the entry is none: %j",
    async (text) => {
      write({ auths: { "ghcr.io": { auth: text } } });
      expect(await auth("ghcr.io")).toBeUndefined();
    },
  );

  it.each([
    `{"auths": {"ghcr.io": {"auth": "${SECRET}"`,
    `${SECRET}`,
    "[]",
    "null",
    { auths: { "ghcr.io": SECRET } },
    { auths: SECRET },
    { credsStore: [SECRET] },
  ])("is asked of no file that `docker login` has not written, and nothing of it is shown: %j", async (content) => {
    write(content);
    expect((await failure("ghcr.io")).message).toContain(file);
  });

  it("is not known where the file cannot be read", async () => {
    mkdirSync(file);
    expect((await failure("ghcr.io")).message).toContain(file);
  });
});

describe("a credential helper", () => {
  const answer = (username: string) =>
    `read server; echo "{\\"ServerURL\\":\\"$server\\",\\"Username\\":\\"${username}\\",\\"Secret\\":\\"${SECRET} for $server\\"}"`;

  it("is asked for its registry, and no other one", async () => {
    helper("vault", answer("bot"));
    write({ credHelpers: { "ghcr.io": "vault" }, auths: { "quay.io": { auth: encoded("q", "p") } } });
    expect(await auth("ghcr.io")).toEqual({
      username: "bot",
      password: `${SECRET} for ghcr.io`,
      serveraddress: "ghcr.io",
    });
    expect(await auth("quay.io")).toMatchObject({ username: "q" });
  });

  it("is asked for every registry where it is the store, Docker Hub by its own name", async () => {
    helper("store", answer("bot"));
    write({ credsStore: "store", auths: { [HUB]: {} } });
    expect(await auth("docker.io")).toMatchObject({ password: `${SECRET} for ${HUB}`, serveraddress: HUB });
    expect(await auth("quay.io")).toMatchObject({ password: `${SECRET} for quay.io` });
  });

  it("of the registry comes before the store", async () => {
    helper("store", answer("store"));
    helper("own", answer("own"));
    write({ credsStore: "store", credHelpers: { "ghcr.io": "own" } });
    expect(await auth("ghcr.io")).toMatchObject({ username: "own" });
  });

  it("may give a token", async () => {
    helper("store", answer("<token>"));
    write({ credsStore: "store" });
    expect(await auth("ghcr.io")).toEqual({ identitytoken: `${SECRET} for ghcr.io`, serveraddress: "ghcr.io" });
  });

  it("that knows nobody leaves it to the file", async () => {
    helper("store", 'echo "credentials not found in native keychain"; exit 1');
    write({ credsStore: "store", auths: { "ghcr.io": { auth: encoded("user", "p") } } });
    expect(await auth("ghcr.io")).toMatchObject({ username: "user" });
    expect(await auth("quay.io")).toBeUndefined();
  });

  it.each([
    ["fails", `echo "cannot open the vault with ${SECRET}" >&2; exit 3`, /exit code 3/],
    ["answers with what is no JSON", `echo "${SECRET}"`, /has not answered as it should/],
    ["answers with half of it", `echo '{"Secret": "${SECRET}"}'`, /has not answered as it should/],
    ["answers with nothing", "true", /has not answered as it should/],
  ])("that %s is named, and what it said is not shown", async (_, script, message) => {
    helper("broken", script);
    write({ credsStore: "broken" });
    const error = await failure("ghcr.io");
    expect(error.message).toMatch(/docker-credential-broken/);
    expect(error.message).toMatch(message);
  });

  it("that is not there is named", async () => {
    write({ credsStore: "nonesuch" });
    expect((await failure("ghcr.io")).message).toMatch(/docker-credential-nonesuch failed: ENOENT/);
  });

  it.each(["../evil", "a b", "", "x;y"])("is a name, and no path: %j", async (name) => {
    write({ credHelpers: { "ghcr.io": name } });
    if (name === "") expect(await auth("ghcr.io")).toBeUndefined();
    else expect((await failure("ghcr.io")).message).toContain("cannot be the name");
  });
});

describe("the file of docker login", () => {
  it.each([
    [{ docker_config: "/etc/login.json" }, { DOCKER_CONFIG: "/other" }, "/etc/login.json"],
    [{}, { DOCKER_CONFIG: "/other" }, "/other/config.json"],
    [{}, { DOCKER_CONFIG: "" }, join(homedir(), ".docker/config.json")],
    [{}, {}, join(homedir(), ".docker/config.json")],
  ])("of %j and %j is %s", (config, env, path) => expect(loginFilePath(config, env)).toBe(path));
});
