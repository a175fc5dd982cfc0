import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { Logger, Package, Progress } from "@damson/plugin-sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { quiet } from "../fixtures/quiet-log.ts";
import { tarGzOf } from "../fixtures/tar.ts";
import { OWNER, TestRuntime } from "../fixtures/test-runtime.ts";
import { zipOf } from "../fixtures/zip.ts";

const START =
  '#!/bin/sh\necho started "$@" in $(basename $PWD | cut -c1-4)\ncat note.txt 2>/dev/null; echo kept > note.txt\n';
const ARCHIVE = tarGzOf([
  { path: "start.sh", content: START },
  { path: "meta.ini", content: "name=market\nversion=v1\nservice=api:http:80\n" },
]);
const sha256 = createHash("sha256").update(ARCHIVE).digest("hex");

let warnings: object[];
let test: TestRuntime;
let server: Server | undefined;
beforeEach(() => {
  warnings = [];
  const log: Logger = { ...quiet, warn: (fields: object | string) => void warnings.push({ fields }) };
  test = new TestRuntime({ log, config: { artifacts: { max_download: "64k", download_timeout: "20s" } } });
});
afterEach(async () => {
  await test.dispose();
  server?.closeAllConnections();
  server?.close();
});

/** Serves, and gives the URL. */
async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return `http://user:secret@127.0.0.1:${typeof address === "object" ? address?.port : ""}/app.tgz?token=hidden`;
}
const prepare = (pkg: Package, signal = new AbortController().signal) =>
  test.runtime.prepare(test.instance(pkg), () => undefined, signal);
const cached = () => readdirSync(test.path("artifacts"));

describe("an artifact", () => {
  it("by path is unpacked for each instance, run by its start.sh, and kept with what the app has written", async () => {
    const path = test.path("app.tgz");
    writeFileSync(path, ARCHIVE);
    const instance = test.instance({ type: "artifact", path, args: ["now"] });
    await test.runtime.admit(instance);
    await test.exit(await test.run(instance));
    const second = await test.run({ ...instance, run: 2 });
    await test.exit(second);
    expect(await test.texts(second)).toEqual(["started now in app-", "started now in app-", "kept"]);
    const other = await test.run(test.instance({ type: "artifact", path }));
    await test.exit(other);
    expect(await test.texts(other)).toEqual(["started  in app-".replace("  ", " ")]);
    expect(cached()).toEqual([sha256]);
  });

  it("whose meta.ini names another app is run, and the difference is logged", async () => {
    const path = test.path("app.tgz");
    writeFileSync(path, ARCHIVE);
    await prepare({ type: "artifact", path });
    expect(warnings).toMatchObject([{ fields: { app: "shop", meta_name: "market" } }]);
  });

  it("that has changed is unpacked anew for the next run, and the old one goes", async () => {
    const path = test.path("app.zip");
    writeFileSync(path, zipOf([{ name: "start.sh", content: "echo one" }]));
    const instance = test.instance({ type: "artifact", path });
    await test.exit(await test.run(instance));
    writeFileSync(path, zipOf([{ name: "start.sh", content: "echo two" }]));
    const handle = await test.run({ ...instance, run: 2 });
    await test.exit(handle);
    expect(await test.texts(handle)).toEqual(["one", "two"]);
    const unpacked = readdirSync(test.path("instances", instance.instanceId)).filter((name) => name.startsWith("app-"));
    expect(unpacked).toHaveLength(1);
  });

  it("without its start.sh does not start, and says what is missing", async () => {
    const path = test.path("app.zip");
    writeFileSync(path, zipOf([{ name: "other.sh", content: "true" }]));
    await expect(test.run(test.instance({ type: "artifact", path }))).rejects.toMatchObject({
      code: "COMMAND_NOT_FOUND",
      issues: [{ path: "pkg.command[0]" }],
    });
    expect(await test.runtime.list(OWNER)).toEqual([]);
  });

  it("that was not prepared is not started", async () => {
    const instance = test.instance({ type: "artifact", path: "/nowhere.zip" });
    await expect(test.runtime.start(instance)).rejects.toMatchObject({ code: "NOT_PREPARED" });
  });

  it("goes from the cache when no instance uses it and nobody has asked for it in a day", async () => {
    const path = test.path("app.tgz");
    writeFileSync(path, ARCHIVE);
    const instance = test.instance({ type: "artifact", path });
    const handle = await test.run(instance);
    await test.exit(handle);
    const yesterday = Date.now() / 1_000 - 25 * 3_600;
    utimesSync(test.path("artifacts", sha256), yesterday, yesterday);
    await test.runtime.check();
    expect(cached()).toEqual([sha256]);
    await test.runtime.remove(handle);
    await test.runtime.check();
    expect(cached()).toEqual([]);
  });
});

describe("a download", () => {
  it("is checked, reported, shared by who wants the same, and done once", async () => {
    let requests = 0;
    let authorization: string | undefined;
    const url = await serve((request, response) => {
      requests += 1;
      authorization = request.headers.authorization;
      response.setHeader("content-length", ARCHIVE.length);
      response.end(ARCHIVE);
    });
    const pkg = { type: "artifact", url, sha256: sha256.toUpperCase() };
    const seen: Progress[] = [];
    const signal = new AbortController().signal;
    await Promise.all([
      test.runtime.prepare(test.instance(pkg), (progress) => seen.push(progress), signal),
      prepare(pkg),
      prepare(pkg),
    ]);
    expect(requests).toBe(1);
    expect(authorization).toBe(`Basic ${btoa("user:secret")}`);
    expect(seen).toContainEqual({ step: "downloading", done: ARCHIVE.length, total: ARCHIVE.length });
    expect(seen.at(-1)).toEqual({ step: "unpacking" });
  });

  it("is tried again when the server fails, and when it breaks off", async () => {
    let requests = 0;
    const url = await serve((request, response) => {
      requests += 1;
      if (requests === 1) response.writeHead(503).end();
      else if (requests === 2) {
        response.writeHead(200, { "content-length": ARCHIVE.length });
        response.write(ARCHIVE.subarray(0, 20), () => request.socket.destroy());
      } else response.end(ARCHIVE);
    });
    await prepare({ type: "artifact", url, sha256 });
    expect(requests).toBe(3);
    expect(cached()).toEqual([sha256]);
  });

  it.each([
    ["an answer of 404", 404, ARCHIVE, { code: "DOWNLOAD_FAILED", retryable: false }],
    ["another content", 200, Buffer.from("something else"), { code: "ARTIFACT_MISMATCH", status: 422 }],
    ["too much content", 200, Buffer.alloc(70_000), { code: "DOWNLOAD_TOO_BIG", status: 422 }],
  ])(
    "is refused for %s, at once, with no secret of the URL, and leaves nothing",
    async (_name, status, body, error) => {
      let requests = 0;
      const url = await serve((_request, response) => {
        requests += 1;
        response.writeHead(status).end(body);
      });
      const refused = await prepare({ type: "artifact", url, sha256 }).catch((thrown: unknown) => thrown);
      expect(refused).toMatchObject(error);
      expect(String(refused)).not.toMatch(/secret|hidden/);
      expect(requests).toBe(1);
      expect(cached()).toEqual([]);
    },
  );

  it("ends when it is cut short, and another who waits for the same goes on", async () => {
    let requests = 0;
    const asked = Promise.withResolvers<void>();
    const url = await serve((_request, response) => {
      requests += 1;
      asked.resolve();
      if (requests > 1) response.end(ARCHIVE);
    });
    const abort = new AbortController();
    const pkg = { type: "artifact", url, sha256 };
    const first = prepare(pkg, abort.signal);
    first.catch(() => undefined);
    await asked.promise;
    const second = prepare(pkg);
    abort.abort();
    await expect(first).rejects.toThrow();
    await second;
    expect(cached()).toEqual([sha256]);
  });

  it("from nowhere may be tried again later", async () => {
    const url = await serve(() => undefined);
    server?.close();
    server?.closeAllConnections();
    const signal = AbortSignal.timeout(60_000);
    const refused = await prepare({ type: "artifact", url, sha256 }, signal).catch((thrown: unknown) => thrown);
    expect(refused).toMatchObject({ code: "DOWNLOAD_FAILED", retryable: true, status: 502 });
    expect(existsSync(test.path("artifacts", sha256))).toBe(false);
  });
});

it("an artifact by path whose SHA-256 is another is refused", async () => {
  const path = test.path("app.tgz");
  writeFileSync(path, ARCHIVE);
  const refused = prepare({ type: "artifact", path, sha256: "0".repeat(64) });
  await expect(refused).rejects.toMatchObject({ code: "ARTIFACT_MISMATCH", status: 422 });
  expect(cached()).toEqual([]);
});
