import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { AppendLog, type AppendLogOptions } from "./append-log.ts";

interface Numbered {
  readonly n: number;
  readonly text?: string;
}

function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "damson-log-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function openLog(directory: string, options: Partial<AppendLogOptions> = {}): Promise<AppendLog<Numbered>> {
  const log = await AppendLog.open<Numbered>({ directory, name: "test", ...options });
  let closed = false;
  const close = log.close.bind(log);
  log.close = async () => {
    if (!closed) await close();
    closed = true;
  };
  onTestFinished(() => log.close());
  return log;
}

const numbers = (records: readonly Numbered[]) => records.map(({ n }) => n);
const newestFile = (directory: string) => join(directory, "test.ndjson");

test("gives the newest first, those that are wanted, and no more than asked for", async () => {
  const log = await openLog(makeDirectory());
  expect(await log.newest(10)).toEqual([]);
  for (const n of [1, 2, 3, 4, 5]) await log.append({ n });
  expect(numbers(await log.newest(2))).toEqual([5, 4]);
  expect(numbers(await log.newest(2, ({ n }) => n % 2 === 1))).toEqual([5, 3]);
  expect(numbers(await log.newest(100))).toEqual([5, 4, 3, 2, 1]);
});

test("is there after it was opened again, also behind a line that a crash has cut", async () => {
  const directory = makeDirectory();
  const first = await openLog(directory);
  await first.append({ n: 1 });
  await first.close();
  appendFileSync(newestFile(directory), '{"n":2,"te');
  const second = await openLog(directory);
  expect(numbers(await second.newest(9))).toEqual([1]);
  await second.append({ n: 3 });
  await second.append({ n: 4 });
  expect(numbers(await second.newest(9))).toEqual([4, 3, 1]);
  await second.close();
  const third = await openLog(directory);
  await third.append({ n: 5 });
  expect(numbers(await third.newest(9))).toEqual([5, 4, 3, 1]);
});

test("records at the same time all get there, in their order, and in few writes", async () => {
  const directory = makeDirectory();
  const log = await openLog(directory);
  const appends = Array.from({ length: 5_000 }, (_, n) => log.append({ n }));
  expect(new Set(appends).size).toBe(1);
  await Promise.all(appends);
  expect(numbers(await log.newest(5_000))).toEqual(Array.from({ length: 5_000 }, (_, n) => 4_999 - n));
});

test("begins a new file when one is full, and lets the oldest go", async () => {
  const directory = makeDirectory();
  const log = await openLog(directory, { maxBytes: 1_000, files: 3 });
  const text = "x".repeat(100);
  for (let n = 1; n <= 100; n += 1) await log.append({ n, text });
  expect(readdirSync(directory).sort()).toEqual(["test.1.ndjson", "test.2.ndjson", "test.ndjson"]);
  for (const file of readdirSync(directory)) expect(statSync(join(directory, file)).size).toBeLessThan(1_200);
  const kept = numbers(await log.newest(1_000));
  expect(kept.length).toBeGreaterThan(16);
  expect(kept).toEqual(kept.map((_, index) => 100 - index));
  await log.close();
  expect(numbers(await (await openLog(directory, { maxBytes: 1_000, files: 3 })).newest(1_000))).toEqual(kept);
});

test("nothing is read twice or missed while files change their names", async () => {
  const log = await openLog(makeDirectory(), { maxBytes: 2_000, files: 5 });
  let last = 0;
  const writing = (async () => {
    for (let n = 1; n <= 400; n += 1) {
      await log.append({ n, text: "x".repeat(50) });
      last = n;
    }
  })();
  while (last < 400) {
    const before = last;
    const read = numbers(await log.newest(1_000));
    expect(read).toEqual(read.map((_, index) => (read[0] ?? 0) - index));
    expect(read[0] ?? 0).toBeGreaterThanOrEqual(before);
  }
  await writing;
});

test("a line that is damaged is passed over", async () => {
  const directory = makeDirectory();
  writeFileSync(newestFile(directory), '{"n":1}\nrubbish\n\0\0\0\n{"n":2}\n');
  expect(numbers(await (await openLog(directory)).newest(9))).toEqual([2, 1]);
});

test("a full disk fails the record, and spoils none before or after it", async ({ skip }) => {
  const directory = makeDirectory();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", directory], { stdio: "ignore" });
  } catch {
    skip("a small disk needs root");
  }
  onTestFinished(() => void execFileSync("umount", ["--lazy", directory]));
  const log = await openLog(directory);
  await log.append({ n: 1 });
  const filler = join(directory, "filler");
  writeFileSync(filler, "x".repeat(40_000));
  await expect(log.append({ n: 2, text: "x".repeat(30_000) })).rejects.toMatchObject({
    code: "STATE_WRITE_FAILED",
    status: 507,
  });
  rmSync(filler);
  await log.append({ n: 3 });
  expect(numbers(await log.newest(9))).toEqual([3, 1]);
  expect(readFileSync(newestFile(directory), "utf8").split("\n").at(-2)).toBe('{"n":3}');
});
