import { type Packed, tarGz, zip } from "./pack.ts";

/** Content of an archive that cannot be used, and what the reason of the failed app must say. */
export type BadArchive = readonly [what: string, content: () => Buffer, reason: RegExp];

/** Bounds that the agent under test has on artifacts, in plugins.yaml. */
export const BOUNDS = { max_entries: 100, max_unpacked: "80m", max_download: "1m" } as const;

const MIB = 2 ** 20;
const START: Packed = { name: "start.sh", content: "#!/bin/sh\nexit 0\n" };
/** More than there can be on the way to any directory. */
const UP = "../".repeat(30);

/** With other bytes in the middle. */
function corrupt(archive: Buffer): Buffer {
  const copy = Buffer.from(archive);
  copy.fill(0xff, copy.indexOf("data") + 4, copy.indexOf("data") + 14);
  return copy;
}

/** Every bad archive. What gets out of its directory would write to the absolute path `outside`. */
export function badArchives(outside: string): BadArchive[] {
  const file = (name: string): Packed => ({ name, content: "out" });
  const link = (target: string): Packed => ({ name: "link", type: "symlink", target });
  const both = (what: string, entries: readonly Packed[], reason: RegExp): BadArchive[] => [
    [`zip: ${what}`, () => zip([START, ...entries]), reason],
    [`tar.gz: ${what}`, () => tarGz([START, ...entries]), reason],
  ];
  const whole = zip([START, { name: "data", content: "x".repeat(10_000), deflate: true }]);
  const wholeTar = tarGz([START, { name: "data", content: "x".repeat(10_000) }]);
  const parent = outside.slice(0, outside.lastIndexOf("/"));
  return [
    ...both(
      "an entry with ../",
      [file(`${UP}${outside.slice(1)}`)],
      /invalid relative path: \.\.\/|refused: "\.\.\/.+ leads out of it/,
    ),
    ...both("an absolute entry", [file(outside)], /absolute path: \/|refused: "\/.+ has an absolute name/),
    ...both(
      "an entry with ../ in the middle",
      [file(`a/${UP}${outside.slice(1)}`)],
      /invalid relative path: a\/|refused: "a\/.+ leads out of it/,
    ),
    ["zip: an entry with backslashes", () => zip([START, file("..\\..\\out")]), /invalid relative path: \.\.\//],
    ...both("a link out of it", [link(parent)], /refused: "link" is a link that leads out of it/),
    ...both("a link up and out of it", [link(UP)], /refused: "link" is a link that leads out of it/),
    ...both("a file through a link", [link("."), file("link/out")], /refused: "link/),
    ...both("one name twice", [file("a"), file("a")], /refused: "a"/),
    ...both("a file in a file", [file("a"), file("a/b")], /refused: "a/),
    ...both("a device", [{ name: "sda", type: "device" }], /refused: "sda" is neither file, directory nor link/),
    ...both("a pipe", [{ name: "pipe", type: "fifo" }], /refused: "pipe" is neither file, directory nor link/),
    ...both(
      "too many entries",
      Array.from({ length: 101 }, (_, index) => file(`file-${index}`)),
      /more than 100 (files|entries)/,
    ),
    [
      "tar.gz: a hard link out of it",
      () => tarGz([START, { name: "hard", type: "hardlink", target: outside }]),
      /refused: /,
    ],
    [
      "tar.gz: a hard link to what is not in it",
      () => tarGz([START, { name: "hard", type: "hardlink", target: "absent" }]),
      /refused: "hard" is a link to "absent", which is no file in it/,
    ],
    [
      "zip: a bomb by its ratio",
      () => zip([START, { name: "zeros", content: Buffer.alloc(70 * MIB), deflate: true }]),
      /200 times/,
    ],
    [
      "tar.gz: a bomb by its ratio",
      () => tarGz([START, { name: "zeros", content: Buffer.alloc(70 * MIB) }]),
      /ratio|200 times/,
    ],
    [
      "zip: more than may be unpacked",
      () => zip([START, { name: "big", content: Buffer.alloc(81 * MIB) }]),
      /more than/,
    ],
    [
      "zip: more than it says",
      () => zip([START, { name: "lie", content: "x".repeat(100_000), size: 10, deflate: true }]),
      /cannot be unpacked/,
    ],
    ["zip: bytes that are not deflated", () => corrupt(whole), /cannot be unpacked/],
    [
      "zip: encrypted",
      () => zip([START, { name: "secret", content: "x", encrypted: true, deflate: true }]),
      /"secret" is encrypted/,
    ],
    ["zip: cut off", () => whole.subarray(0, -30), /cannot be unpacked/],
    ["tar.gz: cut off", () => wholeTar.subarray(0, -30), /cannot be unpacked/],
    ["nothing in it", () => Buffer.alloc(0), /neither a zip nor a tar\.gz/],
    ["a script in its place", () => Buffer.from("#!/bin/sh\n"), /neither a zip nor a tar\.gz/],
    ["no start.sh", () => zip([file("other")]), /there is no file "\.\/start\.sh" in the archive\. Give the/],
    [
      "a start.sh that is a directory",
      () => zip([{ name: "start.sh/", type: "directory" }]),
      /there is no file "\.\/start\.sh" in the archive\. Give the/,
    ],
  ];
}
