import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { artifactSignature } from "../artifacts/signature.ts";
import { archive, noise, upload } from "../fixtures/archives.ts";
import { bodyOf, TestController } from "../fixtures/test-controller.ts";

const token = "a-token-of-enough-characters";
const authorization = `Bearer ${token}`;

const controller = await TestController.start({}, afterAll);

const BIG = archive(undefined, { name: "big", content: noise(300_000) });

/** The same archive again is the same artifact. */
async function uploaded(bytes = BIG) {
  const { url, sha256 } = await bodyOf(upload(controller, bytes));
  const ask = (headers: Record<string, string> = {}, method = "GET") => controller.fetch(url, { headers, method });
  return { bytes, ask, tag: `"${sha256}"` };
}

async function seen(response: Response) {
  const { status, headers } = response;
  return { status, bytes: Buffer.from(await response.arrayBuffer()), range: headers.get("content-range") };
}

test("the whole archive, with its hash as its tag", async () => {
  const { ask, bytes, tag } = await uploaded();
  const response = await ask();
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "application/zip",
    "content-length": String(bytes.length),
    "accept-ranges": "bytes",
    etag: tag,
    "x-content-type-options": "nosniff",
    "content-disposition": expect.stringMatching(/^attachment; filename="demo_1.0.0_.{8}\.zip"$/),
  });
  expect((await seen(response)).bytes.equals(bytes)).toBe(true);
});

test("HEAD tells the same, and sends nothing", async () => {
  const { ask, bytes, tag } = await uploaded();
  const response = await ask({}, "HEAD");
  expect([response.status, response.headers.get("etag")]).toEqual([200, tag]);
  expect(response.headers.get("content-length")).toBe(String(bytes.length));
  expect((await ask({ range: "bytes=0-9" }, "HEAD")).headers.get("content-length")).toBe("10");
});

test("a download that broke off goes on where it was", async () => {
  const { ask, bytes, tag } = await uploaded();
  const size = bytes.length;
  const rest = await seen(await ask({ range: "bytes=1000-", "if-range": tag }));
  expect([rest.status, rest.range]).toEqual([206, `bytes 1000-${size - 1}/${size}`]);
  expect(rest.bytes.equals(bytes.subarray(1_000))).toBe(true);
  const changed = await seen(await ask({ range: "bytes=1000-", "if-range": '"another"' }));
  expect([changed.status, changed.bytes.length]).toEqual([200, size]);
  const last = await seen(await ask({ range: "bytes=-4" }));
  expect(last.bytes.equals(bytes.subarray(-4))).toBe(true);
  const beyond = await ask({ range: `bytes=${size}-` });
  expect(beyond.headers.get("content-range")).toBe(`bytes */${size}`);
  expect(await beyond.json()).toMatchObject({ status: 416, code: "RANGE_INVALID" });
});

test.each<[Record<string, string>, number]>([
  [{ "if-none-match": "TAG" }, 304],
  [{ "if-none-match": 'W/"x", W/TAG' }, 304],
  [{ "if-none-match": "*" }, 304],
  [{ "if-none-match": '"x"' }, 200],
  [{ "if-match": "TAG" }, 200],
  [{ "if-match": "*" }, 200],
  [{ "if-match": '"x"' }, 412],
  [{ "if-none-match": "TAG", range: "bytes=0-1" }, 304],
])("%j → %i", async (headers, status) => {
  const { ask, tag } = await uploaded(archive());
  const asked = Object.entries(headers).map(([name, value]): [string, string] => [name, value.replace("TAG", tag)]);
  const response = await ask(Object.fromEntries(asked));
  expect([response.status, response.headers.get("etag")]).toEqual([status, tag]);
});

test("a right signature of this file is as good as the token; any other is not", async () => {
  const artifactKey = "key";
  const guarded = await TestController.start({ token });
  const { url } = await bodyOf(upload(guarded, archive(), { authorization }));
  const other = await bodyOf(upload(guarded, archive("name=other\nversion=1"), { authorization }));
  const statusOf = async (query: string, headers: Record<string, string> = {}, path = url) =>
    (await guarded.fetch(path + query, { headers })).status;
  const signed = await signatures(guarded, [url, other.url]);
  expect(await statusOf(`?sig=${signed[0]}`)).toBe(200);
  expect(await statusOf("", { authorization })).toBe(200);
  expect(await statusOf(`?sig=${signed[1]}`)).toBe(401);
  expect(await statusOf(`?sig=${artifactSignature(artifactKey, url)}`)).toBe(401);
  expect(await statusOf("?sig=")).toBe(401);
  expect(await statusOf(`?sig=${signed[0]}&sig=${signed[0]}`)).toBe(401);
  expect(await statusOf("")).toBe(401);
  expect(await statusOf(`?sig=${signed[0]}`, {}, "/v1/apps")).toBe(401);
});

/** What the controller itself signs with is in its store, and nowhere else. */
async function signatures(controller: TestController, urls: readonly string[]): Promise<string[]> {
  await controller.stop();
  const { openEmbeddedStore } = await import("../store/index.ts");
  const { store, close } = await openEmbeddedStore({ directory: join(controller.dataDir, "store") });
  const { artifactKey } = Object((await store.get("meta/controller"))?.value);
  await close();
  await controller.start();
  return urls.map((url) => artifactSignature(artifactKey, url.slice("/artifacts/".length)));
}

test.each([
  "/artifacts/nothing_1_00000000.zip",
  "/artifacts/..%2fsecret.zip",
  "/artifacts/%2e%2e%2fsecret.zip",
  "/artifacts/../secret.zip",
  "/artifacts/..\\secret.zip",
  "/artifacts/.upload-1",
  "/artifacts/.hidden.zip",
  "/artifacts/%00.zip",
  "/artifacts/a%00.zip",
  "/artifacts//etc/passwd",
  "/artifacts/",
  "/artifacts/secret.zip",
  `/artifacts/${"a".repeat(300)}.zip`,
])("GET %s reads no file", async (path) => {
  writeFileSync(join(controller.dataDir, "secret.zip"), "SECRET");
  writeFileSync(join(controller.dataDir, "artifacts", "secret.zip"), "SECRET");
  writeFileSync(join(controller.dataDir, "artifacts", ".upload-1"), "SECRET");
  const { hostname, port } = new URL(controller.url);
  // fetch would tidy the path up.
  const socket = connect(Number(port), hostname).setEncoding("utf8");
  onTestFinished(() => void socket.destroy());
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n\r\n`);
  await once(socket, "close");
  expect(answer).toMatch(/^HTTP\/1\.1 4\d\d [\s\S]*application\/problem\+json/);
  expect(answer).not.toContain("SECRET");
});

test("an artifact that a deployment uses stays, and then goes with its file", async () => {
  const fresh = await TestController.start();
  const { url, artifactId } = await bodyOf(upload(fresh, archive()));
  const body = JSON.stringify({ name: "shop", entries: [{ artifactUrl: url, replicas: 0 }] });
  const declared = await fresh.fetch("/v1/tasks", {
    method: "POST",
    body,
    headers: { "content-type": "application/json" },
  });
  expect(declared.status).toBe(200);
  expect(await fresh.get("/v1/apps")).toMatchObject([{ artifactId, usedBy: ["shop"] }]);
  const erase = () => fresh.fetch(`/v1/apps/${artifactId}`, { method: "DELETE" });
  expect(await bodyOf(erase())).toMatchObject({
    status: 409,
    code: "ARTIFACT_IN_USE",
    errors: [{ path: "shop" }],
  });
  await fresh.fetch("/v1/tasks/shop", { method: "DELETE" });
  await expect.poll(async () => (await fresh.get("/v1/apps"))[0].usedBy).toEqual([]);
  expect((await erase()).status).toBe(204);
  expect(await bodyOf(erase())).toMatchObject({ status: 404, code: "ARTIFACT_NOT_FOUND" });
  expect((await fresh.fetch(url)).status).toBe(404);
});
