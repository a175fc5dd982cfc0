import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ArtifactCache } from "./cache.ts";
import type { DownloadBounds } from "./download.ts";
import { RateLimit } from "./rate-limit.ts";

const CONTENT = randomBytes(200_000);
const OTHER = randomBytes(200_000);
const BOUNDS: DownloadBounds = { maxBytes: 1_000_000, timeoutMs: 60_000, firstDelayMs: 1 };
const hashOf = (content: Buffer): string => createHash("sha256").update(content).digest("hex");
const sha256 = hashOf(CONTENT);

/** A server of one file that knows ranges, and breaks off as a test says. */
class Files {
  content = CONTENT;
  /** Bytes after which each next answer breaks off; further ones are whole. */
  breaks: number[] = [];
  /** `Range` of each request. */
  readonly ranges: (string | undefined)[] = [];
  /** Whether a condition that no longer holds is passed over. */
  careless = false;
  sent = 0;
  url = "";
  #server: Server | undefined;

  async open(): Promise<void> {
    this.#server = createServer((request, response) => this.#answer(request, response)).listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/app.zip`;
  }

  close(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { range, "if-range": condition } = request.headers;
    this.ranges.push(range);
    const etag = `"${hashOf(this.content).slice(0, 8)}"`;
    response.setHeader("etag", etag);
    const isCurrent = this.careless || condition === etag;
    const from = range !== undefined && isCurrent ? Number(/^bytes=([0-9]+)-$/.exec(range)?.[1]) : 0;
    if (from >= this.content.length) return void response.writeHead(416).end();
    const rest = this.content.subarray(from);
    if (from > 0)
      response.setHeader("content-range", `bytes ${from}-${this.content.length - 1}/${this.content.length}`);
    response.writeHead(from > 0 ? 206 : 200, { "content-length": rest.length });
    const end = this.breaks.shift();
    this.sent += Math.min(end ?? rest.length, rest.length);
    if (end === undefined) return void response.end(rest);
    if (end === 0) return void request.socket.destroy();
    response.write(rest.subarray(0, end));
    // What has been sent and not been read when the line breaks is lost.
    void expect
      .poll(() => arrived(), { interval: 5 })
      .toBe(from + end)
      .finally(() => request.socket.destroy());
  }
}

/** Bytes of the unfinished download that are on disk. */
function arrived(): number {
  return statSync(join(root, `.part-${sha256}`, "archive")).size;
}

let root: string;
let files: Files;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "damson-download-"));
  files = new Files();
  await files.open();
});
afterEach(() => {
  files.close();
  rmSync(root, { recursive: true });
});

function bring(bounds: Partial<DownloadBounds> = {}, signal?: AbortSignal): Promise<string> {
  const cache = new ArtifactCache(root, { ...BOUNDS, ...bounds });
  return cache.bring({ url: files.url, sha256 }, () => undefined, signal ?? new AbortController().signal);
}

/** What the cache holds is the archive, and nothing else. */
function expectWhole(): void {
  expect(readdirSync(root)).toEqual([sha256]);
  expect(readdirSync(join(root, sha256))).toEqual(["archive"]);
  expect(readFileSync(join(root, sha256, "archive"))).toEqual(CONTENT);
}

describe("a download that breaks off", () => {
  it("goes on where it was", async () => {
    files.breaks = [50_000, 60_000];
    await bring();
    expectWhole();
    expect(files.ranges).toEqual([undefined, "bytes=50000-", "bytes=110000-"]);
    expect(files.sent).toBe(CONTENT.length);
  });

  it("more often than it would be tried in vain, is completed", async () => {
    files.breaks = Array.from({ length: 6 }, () => 20_000);
    await bring();
    expectWhole();
  });

  it("without an end, is given up, and what has come is there for the next call of a later process", async () => {
    files.breaks = [70_000, 0, 0, 0, 0];
    await expect(bring()).rejects.toMatchObject({ code: "DOWNLOAD_FAILED", retryable: true });
    expect(files.ranges).toHaveLength(5);
    await bring();
    expectWhole();
    expect(files.ranges.at(-1)).toBe("bytes=70000-");
  });

  it("begins anew when another content is there meanwhile", async () => {
    files.content = OTHER;
    files.breaks = [50_000, 0, 0, 0, 0];
    await expect(bring()).rejects.toThrow();
    files.content = CONTENT;
    await bring();
    expectWhole();
  });

  it("is verified as a whole: pieces of two contents are brought again", async () => {
    files.content = OTHER;
    files.breaks = [50_000, 0, 0, 0, 0];
    await expect(bring()).rejects.toThrow();
    files.content = CONTENT;
    files.careless = true;
    await bring();
    expectWhole();
    expect(files.ranges.slice(-2)).toEqual(["bytes=50000-", undefined]);
  });

  it("begins anew when the server has less than what has come", async () => {
    files.breaks = [150_000, 0, 0, 0, 0];
    await expect(bring()).rejects.toThrow();
    files.careless = true;
    files.content = OTHER.subarray(0, 100_000);
    await expect(bring()).rejects.toMatchObject({ code: "ARTIFACT_MISMATCH" });
    expect(readdirSync(root)).toEqual([]);
  });

  it("at a server without ranges, begins anew", async () => {
    files.close();
    let requests = 0;
    const server = createServer((request, response) => {
      requests += 1;
      response.writeHead(200, { "content-length": CONTENT.length, "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT" });
      if (requests > 2) response.end(CONTENT);
      else response.write(CONTENT.subarray(0, 30_000), () => request.socket.destroy());
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    files.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/app.zip`;
    await bring().finally(() => server.close());
    expectWhole();
    expect(requests).toBe(3);
  });

  it("because its caller gave up, is gone on with by the next one", async () => {
    const abort = new AbortController();
    const slow = bring({ rate: new RateLimit(1_000) }, abort.signal);
    await expect.poll(() => files.sent).toBeGreaterThan(0);
    await expect.poll(() => readdirSync(join(root, `.part-${sha256}`))).toContain("origin.json");
    abort.abort();
    await expect(slow).rejects.toThrow();
    await bring();
    expectWhole();
  });
});

it("takes no more than the rate allows, all downloads together", async () => {
  const rate = new RateLimit(400_000);
  const begun = performance.now();
  await bring({ rate });
  rmSync(join(root, sha256), { recursive: true });
  await bring({ rate });
  expectWhole();
  // 400,000 bytes: the first of them were free to come at once, and the last wait for nothing after them.
  expect(performance.now() - begun).toBeGreaterThan(800);
});
