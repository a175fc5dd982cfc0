import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Logger, Progress, ReportProgress } from "@damson/plugin-sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ArtifactSource, Artifacts, type PrepareOptions } from "./index.ts";
import { tarGzOf, zipOf } from "./testing/index.ts";

const ARCHIVE = tarGzOf([
  { path: "start.sh", content: "#!/bin/sh\n" },
  { path: "meta.ini", content: "name=market\nversion=v1\nservice=api:http:80\n" },
]);
const sha256 = createHash("sha256").update(ARCHIVE).digest("hex");

let root: string;
let warnings: object[];
let artifacts: Artifacts;
let server: Server | undefined;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "damson-artifacts-"));
  warnings = [];
  const log: Logger = {
    debug() {},
    info() {},
    warn: (fields: object | string) => void warnings.push({ fields }),
    error() {},
  };
  artifacts = new Artifacts({
    cache: join(root, "artifacts"),
    instances: join(root, "instances"),
    log,
    config: { max_download: "64k", download_timeout: "20s" },
  });
});
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  rmSync(root, { recursive: true, force: true });
});

/** Serves, and gives the URL. */
async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return `http://user:secret@127.0.0.1:${typeof address === "object" ? address?.port : ""}/app.tgz?token=hidden`;
}

interface Prepared extends PrepareOptions {
  readonly instanceId?: string;
  readonly run?: number;
  readonly report?: ReportProgress;
  readonly signal?: AbortSignal;
}
function prepare(source: ArtifactSource, prepared: Prepared = {}): Promise<void> {
  const { instanceId = "shop-1", run = 1, report = () => undefined, signal, ...options } = prepared;
  const names = { owner: "agent-1", nodeId: "node-1", app: "shop", version: "v1", instanceId, run };
  const instance = { ...names, pkg: { type: "artifact", ...source }, environment: {} };
  return artifacts.prepare(instance, source, options, report, signal ?? new AbortController().signal);
}
const list = (...parts: string[]) => readdirSync(join(root, ...parts)).sort();
const cached = () => (existsSync(join(root, "artifacts")) ? list("artifacts") : []);
/** Writes an archive, and gives its path. */
function archive(bytes = ARCHIVE): string {
  const path = join(root, "app.archive");
  writeFileSync(path, bytes);
  return path;
}

describe("an artifact", () => {
  it("by path is unpacked for each instance, where agents of all versions look for it", async () => {
    const path = archive();
    await prepare({ path });
    await prepare({ path }, { instanceId: "shop-2", run: 7 });
    expect(cached()).toEqual([sha256]);
    expect(list("artifacts", sha256)).toEqual(["archive"]);
    expect(list("instances", "shop-1")).toEqual([`app-${sha256}`, "run-1"]);
    expect(readFileSync(join(root, "instances/shop-2/run-7/artifact"), "utf8")).toBe(`app-${sha256}`);
    expect(await artifacts.directory("shop-2", 7)).toBe(join(root, "instances/shop-2", `app-${sha256}`));
    expect(list("instances", "shop-2", `app-${sha256}`)).toEqual(["meta.ini", "start.sh"]);
    expect(statSync(join(root, "instances/shop-1")).mode & 0o777).toBe(0o700);
  });

  it("is given to a user, in a directory of that user's", async () => {
    const [own, group] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
    // Only root can give to others.
    const giveTo = own === 0 ? { uid: 65_534, gid: 65_533 } : { uid: own, gid: group };
    await prepare({ path: archive() }, { giveTo });
    const directory = await artifacts.directory("shop-1", 1);
    expect(directory).toBe(join(root, "instances/shop-1", `app-${sha256}-${giveTo.uid}`));
    for (const path of [directory, join(directory, "start.sh")]) expect(statSync(path)).toMatchObject(giveTo);
    await prepare({ path: archive() }, { run: 2 });
    expect(statSync(await artifacts.directory("shop-1", 2))).toMatchObject({ uid: own, gid: group });
  });

  it("whose meta.ini names another app is unpacked, and the difference is logged", async () => {
    await prepare({ path: archive() });
    expect(warnings).toMatchObject([{ fields: { app: "shop", meta_name: "market" } }]);
  });

  it("that was not prepared has no directory, and may have one later", async () => {
    const refused = artifacts.directory("shop-1", 1);
    await expect(refused).rejects.toMatchObject({ code: "NOT_PREPARED", status: 409, retryable: true });
  });

  it("whose SHA-256 is another than the one given is refused", async () => {
    const refused = prepare({ path: archive(), sha256: "0".repeat(64) });
    await expect(refused).rejects.toMatchObject({ code: "ARTIFACT_MISMATCH", status: 422 });
    expect(cached()).toEqual([]);
  });

  it("that is no longer there is missed, in plain words", async () => {
    const refused = prepare({ path: join(root, "absent") });
    await expect(refused).rejects.toMatchObject({ code: "ARTIFACT_MISSING", issues: [{ path: "pkg.path" }] });
  });
});

describe("what earlier runs have left goes", () => {
  it("unless the run uses it too", async () => {
    await prepare({ path: archive() });
    writeFileSync(join(await artifacts.directory("shop-1", 1), "note.txt"), "kept");
    await prepare({ path: archive() }, { run: 2 });
    await artifacts.removeOthers("shop-1", 2);
    expect(list("instances", "shop-1")).toEqual([`app-${sha256}`, "run-2"]);
    expect(readFileSync(join(await artifacts.directory("shop-1", 2), "note.txt"), "utf8")).toBe("kept");
  });

  it("when the archive has changed, and without what is not an artifact's", async () => {
    await prepare({ path: archive() });
    writeFileSync(join(root, "instances/shop-1/run-1/script"), "another's");
    await prepare({ path: archive(zipOf([{ name: "start.sh", content: "true" }])) }, { run: 2 });
    expect(list("instances", "shop-1")).toHaveLength(4);
    await artifacts.removeOthers("shop-1", 2);
    expect(list("instances", "shop-1")).toEqual([expect.not.stringContaining(sha256), "run-1", "run-2"]);
    expect(list("instances", "shop-1", "run-1")).toEqual(["script"]);
  });
});

it("removing an instance leaves the others and the cache", async () => {
  await prepare({ path: archive() });
  await prepare({ path: archive() }, { instanceId: "shop-2" });
  await artifacts.remove("shop-1");
  await artifacts.remove("never-there");
  expect(list("instances")).toEqual(["shop-2"]);
  expect(cached()).toEqual([sha256]);
});

it("an archive goes when no instance uses it and nobody has asked for it in a day", async () => {
  await artifacts.prune();
  await prepare({ path: archive() });
  const yesterday = Date.now() / 1_000 - 25 * 3_600;
  utimesSync(join(root, "artifacts", sha256), yesterday, yesterday);
  await artifacts.prune();
  expect(cached()).toEqual([sha256]);
  await artifacts.remove("shop-1");
  await artifacts.prune();
  expect(cached()).toEqual([]);
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
    const source = { url, sha256: sha256.toUpperCase() };
    const seen: Progress[] = [];
    // Only the one of them that fetches it tells how far that is.
    const report = (progress: Progress): unknown => seen.push(progress);
    await Promise.all([
      prepare(source, { report }),
      prepare(source, { report, instanceId: "shop-2" }),
      prepare(source, { report, instanceId: "shop-3" }),
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
    await prepare({ url, sha256 });
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
      const refused = await prepare({ url, sha256 }).catch((thrown: unknown) => thrown);
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
    const source = { url, sha256 };
    const first = prepare(source, { signal: abort.signal });
    first.catch(() => undefined);
    await asked.promise;
    const second = prepare(source, { instanceId: "shop-2" });
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
    const refused = await prepare({ url, sha256 }, { signal }).catch((thrown: unknown) => thrown);
    expect(refused).toMatchObject({ code: "DOWNLOAD_FAILED", retryable: true, status: 502 });
    expect(existsSync(join(root, "artifacts", sha256))).toBe(false);
  });
});
