import { openAsBlob, truncateSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { answer } from "./connection.ts";
import { createControllerClient } from "./controller-client.ts";
import { ProblemError } from "./problem-error.ts";
import { UnreachableError } from "./unreachable-error.ts";

async function serve(handler: (request: IncomingMessage, response: ServerResponse) => unknown): Promise<string> {
  const server = createServer((request, response) => void handler(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function json(response: ServerResponse, status: number, value: unknown): void {
  const type = status < 400 ? "application/json" : "application/problem+json";
  response.writeHead(status, { "content-type": type }).end(JSON.stringify(value));
}

/** A file with these bytes, or with so many. */
async function fileOf(content: Buffer | number): Promise<Blob> {
  const directory = await mkdtemp(join(tmpdir(), "damson-upload-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, "demo.zip");
  writeFileSync(path, typeof content === "number" ? "" : content);
  if (typeof content === "number") truncateSync(path, content);
  return openAsBlob(path);
}

test("an answer without a body is undefined", async () => {
  const url = await serve((_request, response) => response.writeHead(204).end());
  const { api } = createControllerClient({ url });
  const call = api.DELETE("/v1/nodes/{nodeId}", { params: { path: { nodeId: "a" } } });
  expect(await answer(call)).toBeUndefined();
});

test("an upload is one form with the file, and tells how far it is", async () => {
  const bytes = Buffer.alloc(1_000_000, "damson");
  const seen: { headers: IncomingMessage["headers"]; body: Buffer }[] = [];
  const url = await serve(async (request, response) => {
    seen.push({ headers: request.headers, body: await buffer(request) });
    json(response, 200, { artifactId: "a1" });
  });
  const progress: [number, number][] = [];
  const artifact = await createControllerClient({ url, token: "secret" }).upload(await fileOf(bytes), {
    idempotencyKey: "k1",
    onProgress: (sent, total) => progress.push([sent, total]),
  });
  expect(artifact).toEqual({ artifactId: "a1" });
  const [{ headers, body } = { headers: {}, body: Buffer.alloc(0) }] = seen;
  expect(headers).toMatchObject({ authorization: "Bearer secret", "idempotency-key": "k1" });
  expect(headers["content-length"]).toBe(String(body.length));
  const form = await new Response(new Uint8Array(body), {
    headers: { "content-type": headers["content-type"] ?? "" },
  }).formData();
  const file = form.get("file");
  expect(file instanceof Blob && Buffer.from(await file.arrayBuffer()).equals(bytes)).toBe(true);
  expect(progress.length).toBeGreaterThan(2);
  expect(progress.at(-1)).toEqual([1_000_000, 1_000_000]);
  expect(progress.map(([sent]) => sent)).toEqual(progress.map(([sent]) => sent).toSorted((a, b) => a - b));
});

test("an upload is never whole in memory", async () => {
  const url = await serve((request, response) => {
    request.resume().on("end", () => json(response, 200, {}));
  });
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  const onProgress = () => {
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  };
  await createControllerClient({ url }).upload(await fileOf(300_000_000), { onProgress });
  expect(most).toBeLessThan(150_000_000);
});

test("a refusal is told, also before the file has gone out", async () => {
  const problem = { status: 413, code: "UPLOAD_TOO_LARGE", detail: "too large" };
  const url = await serve((request, response) => {
    json(response, 413, problem);
    request.resume();
  });
  const upload = createControllerClient({ url }).upload(await fileOf(20_000_000));
  await expect(upload).rejects.toThrow(ProblemError);
  await expect(upload).rejects.toMatchObject({ problem });
});

test("an upload in which nothing moves is given up, and one that is aborted says so", async () => {
  const url = await serve(() => undefined);
  const client = createControllerClient({ url, timeoutMs: 100 });
  const stalled = client.upload(await fileOf(50_000_000));
  await expect(stalled).rejects.toThrow(UnreachableError);
  await expect(stalled).rejects.toThrow(/nothing moved for 0.1 s/);
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(client.upload(await fileOf(10), { signal })).rejects.toThrow(/enough/);
});

test("an upload to nobody says that nobody answered", async () => {
  const upload = createControllerClient({ url: "http://127.0.0.1:1" }).upload(await fileOf(10));
  await expect(upload).rejects.toThrow(/^No answer from http:\/\/127.0.0.1:1/);
});

test("events are read as lines, and followed from where one was", async () => {
  const asked: string[] = [];
  const url = await serve((request, response) => {
    asked.push(`${request.url} ${request.headers["last-event-id"] ?? ""}`);
    const event = { id: `e-${asked.length}`, time: "2030-01-01T00:00:00.000Z", type: "node.joined" };
    if (request.headers.accept !== "text/event-stream") {
      response.setHeader("content-type", "application/x-ndjson");
      response.end(`${JSON.stringify(event)}\n`);
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(`id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`);
  });
  const client = createControllerClient({ url });
  const ids: string[] = [];
  for await (const { id } of client.events({ deployment: "shop", limit: 5 })) ids.push(id);
  const stop = new AbortController();
  for await (const { id } of client.followEvents({ node: "a", after: "e-0" }, { signal: stop.signal })) {
    ids.push(id);
    stop.abort();
  }
  expect(ids).toEqual(["e-1", "e-2"]);
  expect(asked).toEqual(["/v1/events?deployment=shop&limit=5&follow=false ", "/v1/events?node=a e-0"]);
});
