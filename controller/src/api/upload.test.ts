import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { archive, noise, upload } from "../fixtures/archives.ts";
import { eventually } from "../fixtures/eventually.ts";
import { bodyOf, TestController } from "../fixtures/test-controller.ts";
import { DEFAULT_SETTINGS } from "../settings.ts";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const filesOf = ({ dataDir }: TestController) => readdirSync(join(dataDir, "artifacts"));

test("an archive becomes an artifact, with what its meta.ini says", async () => {
  const controller = await TestController.start({ now: () => new Date("2030-01-01T00:00:00Z") });
  const bytes = archive("# of shop\nNAME = Shop-API\nversion: v1.4.2+b7\nservice=web:http:8080\nservice=broken\n");
  const response = await upload(controller, bytes);
  expect(response.status).toBe(200);
  const artifact = await bodyOf(response);
  const file = `Shop-API_v1.4.2+b7_${sha256(bytes).slice(0, 8)}.zip`;
  expect(artifact).toEqual({
    artifactId: expect.stringMatching(/^[0-9a-f]{32}$/),
    name: "Shop-API",
    version: "v1.4.2+b7",
    url: `/artifacts/${file}`,
    sha256: sha256(bytes),
    sizeBytes: bytes.length,
    createdAt: 1_893_456_000,
    type: "zip",
    services: [{ name: "web", protocol: "http", port: 8080 }],
    usedBy: [],
    resourceVersion: expect.any(Number),
  });
  expect(filesOf(controller)).toEqual([file]);
  expect(readFileSync(join(controller.dataDir, "artifacts", file)).equals(bytes)).toBe(true);
  expect(await controller.get("/v1/apps")).toEqual([artifact]);
  await controller.stop();
  await controller.start();
  expect(await controller.get("/v1/apps")).toEqual([artifact]);
});

test("the same again is the same artifact; another content with its name and version is another one", async () => {
  const controller = await TestController.start();
  const first = await bodyOf(upload(controller, archive()));
  expect(await bodyOf(upload(controller, archive()))).toEqual(first);
  const other = await bodyOf(upload(controller, archive(undefined, { name: "more" })));
  expect(other).toMatchObject({ name: "demo", version: "1.0.0" });
  expect(other.artifactId).not.toBe(first.artifactId);
  expect(await controller.get("/v1/apps")).toHaveLength(2);
  const { records } = await controller.get("/v1/audit");
  expect(records.map((record: { outcome: string }) => record.outcome)).toEqual(["done", "unchanged", "done"]);
});

test("many uploads of the same at once make one artifact", async () => {
  const controller = await TestController.start();
  const bytes = archive(undefined, { name: "big", content: noise(2_000_000) });
  const responses = await Promise.all(Array.from({ length: 8 }, () => upload(controller, bytes)));
  const answers = await Promise.all(responses.map((response) => response.json()));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(filesOf(controller)).toHaveLength(1);
  expect(await controller.get("/v1/apps")).toHaveLength(1);
});

test("an idempotency key stands for one content", async () => {
  const controller = await TestController.start();
  const headers = { "idempotency-key": "one" };
  const first = await bodyOf(upload(controller, archive(), headers));
  expect(await bodyOf(upload(controller, archive(), headers))).toEqual(first);
  const reused = await upload(controller, archive("name=other\nversion=1"), headers);
  expect(await reused.json()).toMatchObject({ status: 422, code: "IDEMPOTENCY_KEY_REUSED" });
  await controller.fetch(`/v1/apps/${first.artifactId}`, { method: "DELETE" });
  expect(await bodyOf(upload(controller, archive(), headers))).toMatchObject({ artifactId: first.artifactId });
  expect(filesOf(controller)).toEqual([]);
  expect(await controller.get("/v1/apps")).toEqual([]);
});

test("an archive that is larger than allowed is refused as soon as that is known", async () => {
  const controller = await TestController.start({ settings: { ...DEFAULT_SETTINGS, maxUploadBytes: 100_000 } });
  const bytes = archive(undefined, { name: "big", content: noise(200_000) });
  expect(await bodyOf(upload(controller, bytes))).toMatchObject({ status: 413, code: "UPLOAD_TOO_LARGE" });
  const huge = archive(undefined, { name: "big", content: noise(2_000_000) });
  expect(await bodyOf(upload(controller, huge))).toMatchObject({ status: 413, code: "UPLOAD_TOO_LARGE" });
  expect(filesOf(controller)).toEqual([]);
  expect((await upload(controller, archive())).status).toBe(200);
});

/** Begins an upload that goes no further. */
function beginUpload(controller: TestController): Socket {
  const { hostname, port } = new URL(controller.url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  socket.write(
    `POST /v1/apps/upload HTTP/1.1\r\nHost: ${hostname}\r\nContent-Length: 1000000\r\n` +
      "Content-Type: multipart/form-data; boundary=x\r\n\r\n" +
      '--x\r\ncontent-disposition: form-data; name="file"; filename="a.zip"\r\n\r\n',
  );
  socket.write(noise(100_000));
  return socket;
}

test("nothing is left of an upload whose client goes away", async () => {
  const controller = await TestController.start();
  const socket = beginUpload(controller);
  await eventually(() => expect(filesOf(controller)).toEqual([expect.stringMatching(/^\.upload-/)]));
  socket.destroy();
  await eventually(() => expect(filesOf(controller)).toEqual([]));
  expect(await controller.get("/v1/apps")).toEqual([]);
});

test("only so many uploads run at a time", async () => {
  const controller = await TestController.start();
  const sockets = Array.from({ length: 16 }, () => beginUpload(controller));
  await eventually(() => expect(filesOf(controller)).toHaveLength(16));
  const bytes = archive(undefined, { name: "big", content: noise(5_000_000) });
  expect(await bodyOf(upload(controller, bytes))).toMatchObject({ status: 503, code: "UPLOADS_BUSY" });
  for (const socket of sockets) socket.destroy();
  await eventually(() => expect(filesOf(controller)).toEqual([]));
  expect((await upload(controller, bytes)).status).toBe(200);
});

test("what a crash left is swept at the start, and a file that is missing is told of", async () => {
  const controller = await TestController.start();
  const { url, artifactId } = await bodyOf(upload(controller, archive()));
  await controller.stop();
  const directory = join(controller.dataDir, "artifacts");
  writeFileSync(join(directory, ".upload-1"), "half");
  writeFileSync(join(directory, "orphan_1_00000000.zip"), "no record");
  await controller.start();
  expect(filesOf(controller)).toEqual([url.slice("/artifacts/".length)]);
  await controller.stop();
  writeFileSync(join(directory, url.slice("/artifacts/".length)), "short");
  await controller.start();
  const events = await (await controller.fetch("/v1/events?follow=false")).text();
  expect(events).toContain('"type":"artifact.damaged"');
  expect(await bodyOf(controller.fetch(url))).toMatchObject({ status: 500, code: "ARTIFACT_LOST" });
  expect(await bodyOf(upload(controller, archive()))).toMatchObject({ artifactId });
  expect((await controller.fetch(url)).status).toBe(200);
});
