import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipOf } from "@damson/artifact/testing";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { archive, formOf, noise, upload } from "../fixtures/archives.ts";
import { bodyOf, TestController } from "../fixtures/test-controller.ts";

const META = "name=demo\nversion=1\n";
const START = { name: "start.sh", content: "" };
const zip = (...entries: { name: string; content?: string; mode?: number }[]) => Buffer.from(zipOf(entries));
const withMeta = (meta: string) => zip(START, { name: "meta.ini", content: meta });
const multipart = { "content-type": "multipart/form-data; boundary=x" };
const part = (fields: string, content: string) => `--x\r\ncontent-disposition: form-data; ${fields}\r\n\r\n${content}`;

/** Changes one byte of the first entry in the directory of an archive. */
function patched(bytes: Buffer<ArrayBuffer>, offset: number, value: number): Buffer<ArrayBuffer> {
  bytes[bytes.indexOf("PK\x01\x02") + offset] = value;
  return bytes;
}

// All are refused, so none leaves anything to the next.
const controller = await TestController.start({}, afterAll);

test.each([
  ["text", Buffer.from("no zip at all"), "400 NOT_A_ZIP"],
  ["nothing", Buffer.alloc(0), "400 NOT_A_ZIP"],
  ["the first half of an archive", archive().subarray(0, 100), "400 NOT_A_ZIP"],
  ["an archive without its end", archive().subarray(0, -10), "400 NOT_A_ZIP"],
  ["a gzip", Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]), "400 NOT_A_ZIP"],
  ["an unknown compression", patched(zip({ name: "meta.ini", content: META }, START), 10, 99), "400 NOT_A_ZIP"],
  ["an encrypted entry", patched(archive(), 8, 1), "422 ARCHIVE_UNSAFE"],
  ["no entries", zip(), "400 ZIP_INCOMPLETE"],
  ["no start.sh", zip({ name: "meta.ini", content: META }), "400 ZIP_INCOMPLETE"],
  ["no meta.ini", zip(START), "400 ZIP_INCOMPLETE"],
  [
    "a start.sh that is a directory",
    zip({ name: "start.sh/" }, { name: "meta.ini", content: META }),
    "400 ZIP_INCOMPLETE",
  ],
  ["a name in another case", zip({ name: "START.SH" }, { name: "meta.ini", content: META }), "400 ZIP_INCOMPLETE"],
  ["an empty meta.ini", withMeta(""), "400 ZIP_INCOMPLETE"],
  ["no version", withMeta("name=demo"), "400 ZIP_INCOMPLETE"],
  ["an empty name", withMeta("name=\nversion=1"), "400 ZIP_INCOMPLETE"],
  ["a name that leads out", withMeta("name=../../etc/cron.d/x\nversion=1"), "400 META_INVALID"],
  ["a name that is hidden", withMeta("name=.x\nversion=1"), "400 META_INVALID"],
  ["a name with blanks", withMeta("name=my app\nversion=1"), "400 META_INVALID"],
  ["a name with a NUL", withMeta("name=a\0b\nversion=1"), "400 META_INVALID"],
  ["a name in other letters", withMeta("name=应用\nversion=1"), "400 META_INVALID"],
  ["a name that is too long", withMeta(`name=${"a".repeat(64)}\nversion=1`), "400 META_INVALID"],
  ["a version that leads out", withMeta("name=demo\nversion=1/../../2"), "400 META_INVALID"],
  ["a version that climbs", withMeta("name=demo\nversion=1..2"), "400 META_INVALID"],
  ["a version that is too long", withMeta(`name=demo\nversion=${"1".repeat(129)}`), "400 META_INVALID"],
  ["a version for a shell", withMeta("name=demo\nversion=$(reboot)"), "400 META_INVALID"],
  ["an entry that leads out", archive(META, { name: "../evil" }), "400 NOT_A_ZIP"],
  ["an absolute entry", archive(META, { name: "/etc/passwd" }), "400 NOT_A_ZIP"],
  ["an entry that is there twice", archive(META, { name: "a" }, { name: "./a" }), "422 ARCHIVE_UNSAFE"],
  ["a device", archive(META, { name: "dev", mode: 0o020666 }), "422 ARCHIVE_UNSAFE"],
  [
    "too many entries",
    archive(META, ...Array.from({ length: 10_001 }, (_, n) => ({ name: `f${n}` }))),
    "422 ARCHIVE_TOO_BIG",
  ],
  ["a bomb", archive(META, { name: "bomb", content: Buffer.alloc(70_000_000) }), "422 ARCHIVE_TOO_BIG"],
  ["a huge meta.ini", withMeta(`${META}#${"x".repeat(70_000)}`), "422 ARCHIVE_TOO_BIG"],
])("%s is refused: %$", async (_, bytes, expected) => {
  const problem = await bodyOf(upload(controller, Buffer.from(bytes)));
  expect(`${problem.status} ${problem.code}`).toBe(expected);
  expect(problem.detail).not.toContain(controller.dataDir);
  expect(readdirSync(join(controller.dataDir, "artifacts"))).toEqual([]);
  expect(await controller.get("/v1/apps")).toEqual([]);
});

test.each<[string, RequestInit, string]>([
  ["no body", {}, "400 UPLOAD_INVALID"],
  ["JSON", { body: "{}", headers: { "content-type": "application/json" } }, "400 UPLOAD_INVALID"],
  ["text", { body: "x" }, "400 UPLOAD_INVALID"],
  ["no boundary", { body: "x", headers: { "content-type": "multipart/form-data" } }, "400 UPLOAD_INVALID"],
  ["no form", { body: "x", headers: multipart }, "400 UPLOAD_INVALID"],
  [
    "a form that breaks off",
    { body: part('name="file"; filename="a"', "PK"), headers: multipart },
    "400 UPLOAD_INVALID",
  ],
  ["an empty form", { body: "--x--\r\n", headers: multipart }, "400 FILE_REQUIRED"],
  ["a file in another field", { body: formOf(archive(), "archive") }, "400 FILE_REQUIRED"],
  ["a text in the field", { body: `${part('name="file"', "text")}\r\n--x--`, headers: multipart }, "400 FILE_REQUIRED"],
  ["two files", { body: twoFiles() }, "400 UPLOAD_INVALID"],
  ["many files", { body: manyFiles() }, "400 UPLOAD_INVALID"],
  ["a field for a prototype", { body: formOf(archive(), "__proto__") }, "400 UPLOAD_INVALID"],
  ["a bad key", { body: formOf(archive()), headers: { "idempotency-key": "a b" } }, "400 IDEMPOTENCY_KEY_INVALID"],
  ["another's token", { body: formOf(archive()), headers: { "if-match": "x" } }, "400 RESOURCE_VERSION_INVALID"],
])("%s is no upload: %$", async (_, init, expected) => {
  const response = await controller.fetch("/v1/apps/upload", { method: "POST", ...init });
  const problem = await bodyOf(response);
  expect(`${problem.status} ${problem.code}`).toBe(expected);
  expect(readdirSync(join(controller.dataDir, "artifacts"))).toEqual([]);
});

test("a full disk is told of, and keeps nothing of the upload", async ({ skip }) => {
  const dataDir = mkdtempSync(join(tmpdir(), "damson-full-"));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const directory = join(dataDir, "artifacts");
  mkdirSync(directory);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=512k", "tmpfs", directory], { stdio: "ignore" });
  } catch {
    skip("a small disk needs root");
  }
  onTestFinished(() => void execFileSync("umount", ["--lazy", directory]));
  const full = await TestController.start({ dataDir });
  const big = await upload(full, archive(META, { name: "big", content: noise(2_000_000) }));
  expect(await big.json()).toMatchObject({ status: 507, code: "NO_SPACE" });
  expect(readdirSync(directory)).toEqual([]);
  const small = await bodyOf(upload(full, archive()));
  expect(readFileSync(join(dataDir, small.url))).toEqual(archive());
});

function twoFiles(): FormData {
  const form = formOf(archive());
  form.append("file", new Blob([archive("name=other\nversion=1")]), "other.zip");
  return form;
}

function manyFiles(): FormData {
  const form = new FormData();
  for (let number = 0; number < 10; number += 1) form.append(`f${number}`, new Blob(["x"]), "x");
  return form;
}
