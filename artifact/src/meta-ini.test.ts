import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { parseMeta, readArtifactMeta } from "./meta-ini.ts";

it("reads name, version and services, with = or :, in any case, and leaves out what is neither", () => {
  const text = [
    "# a comment = no value",
    "; service=no:http:1",
    "Name = shop",
    "VERSION: 1.2.3\r",
    "service=api:http:8080",
    "service = admin:tcp:9090",
    "service=broken:http",
    "service=zero:http:0",
    "service=many:http:1:2",
    "color=blue",
    "no separator",
    "=nothing",
    "",
  ].join("\n");
  expect(parseMeta(text)).toEqual({
    name: "shop",
    version: "1.2.3",
    services: [
      { name: "api", protocol: "http", port: 8080 },
      { name: "admin", protocol: "tcp", port: 9090 },
    ],
  });
});

it("has nothing where nothing is said", () => {
  expect(parseMeta("")).toEqual({ services: [] });
  expect(parseMeta("name=\nversion:")).toEqual({ services: [] });
});

it.each(["a", "a=x"])("takes no longer for a line of %j and blanks than for any other", (beginning) => {
  const begun = performance.now();
  parseMeta(`${beginning}${" ".repeat(60_000)}b`);
  expect(performance.now() - begun).toBeLessThan(500);
});

it.each<[string, (path: string) => void, object]>([
  ["a file", (path) => writeFileSync(path, "name=shop"), { name: "shop", services: [] }],
  ["nothing", () => undefined, { services: [] }],
  ["an empty file", (path) => writeFileSync(path, ""), { services: [] }],
  ["a file that is too large", (path) => writeFileSync(path, `name=shop\n${" ".repeat(65_536)}`), { services: [] }],
  ["a folder", (path) => mkdirSync(path), { services: [] }],
  ["a pipe", (path) => execFileSync("mkfifo", [path]), { services: [] }],
  ["a link to what never ends", (path) => symlinkSync("/dev/zero", path), { services: [] }],
])("has what its file says, and nothing else: %s", async (_, put, expected) => {
  const directory = mkdtempSync(join(tmpdir(), "damson-meta-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  put(join(directory, "meta.ini"));
  expect(await readArtifactMeta(directory)).toEqual(expected);
});
