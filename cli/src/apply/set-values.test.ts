import { describe, expect, it } from "vitest";
import { setValues } from "./set-values.ts";

async function set(document: { [key: string]: unknown }, ...settings: string[]): Promise<unknown> {
  await setValues(document, settings);
  return document;
}

it.each([
  ["version=v2", { version: "v2" }],
  ["pkg.replicas=3", { pkg: { replicas: 3 } }],
  ["pkg.ports[0].host_port=80", { pkg: { ports: [{ host_port: 80 }] } }],
  ["a[0][0]=x", { a: [["x"]] }],
  ["labels.example\\.com/team=shop", { labels: { "example.com/team": "shop" } }],
  ["a=b=c", { a: "b=c" }],
])("%s", async (setting, expected) => {
  expect(await set({}, setting)).toEqual(expected);
});

it.each([
  ["true", true],
  ["null", null],
  ["1.5", 1.5],
  ['"3"', "3"],
  ["'it''s'", "it's"],
  ["", ""],
  ["8080", 8080],
  ["12345678901234567890", "12345678901234567890"],
  ["plain text", "plain text"],
  ["a: b", "a: b"],
  ["[a, b]", "[a, b]"],
  ['{"json": 1}', '{"json": 1}'],
  ["value # no comment", "value # no comment"],
  ["*star", "*star"],
  ["!tag x", "!tag x"],
  ["|", "|"],
  ["two\nlines", "two\nlines"],
])("reads %o as %o", async (text, expected) => {
  expect(await set({}, `a=${text}`)).toEqual({ a: expected });
});

it("changes what is there and leaves the rest", async () => {
  const document = { pkg: { args: ["a", "b"], type: "binary" } };
  expect(await set(document, "pkg.args[1]=c", "pkg.args[2]=d")).toEqual({
    pkg: { args: ["a", "c", "d"], type: "binary" },
  });
});

describe("refuses", () => {
  it.each([
    ["version", "expected path=value"],
    ["=x", "expected path=value"],
    ["a..b=1", 'cannot be read at "a..b"'],
    ["a.=1", 'cannot be read at "a."'],
    ["a[x]=1", 'cannot be read at "[x]"'],
    ["a[0]b=1", 'cannot be read at "[0]b"'],
    ["__proto__.polluted=1", '"__proto__" cannot be set'],
    ["a.constructor.prototype.polluted=1", '"constructor" cannot be set'],
    ["restart.policy=always", 'restart is "never", not a mapping or list'],
    ["list.key=1", "list is a list, which takes [0]"],
    ["map[0]=1", "map is a mapping, which takes a key"],
    ["list[3]=1", "list has 1 entries; the next is [1]"],
  ])("%s", async (setting, message) => {
    const document = { restart: "never", list: ["one"], map: {} };
    await expect(set(document, setting)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message),
    });
    expect(document).toEqual({ restart: "never", list: ["one"], map: {} });
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });
});
