import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LineReader, LONGEST_LINE, type RawLine } from "./line-reader.ts";
import { lastLineStarts, lineStart } from "./line-starts.ts";

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "damson-lines-"));
  path = join(directory, "stdout");
});
afterEach(() => rmSync(directory, { recursive: true }));

async function readAll(reader: LineReader): Promise<RawLine[]> {
  const lines: RawLine[] = [];
  do {
    for (let line = reader.next(); line; line = reader.next()) lines.push(line);
  } while (await reader.fill());
  return lines;
}
const texts = (lines: readonly RawLine[]) => lines.map(({ bytes }) => bytes.toString());

async function withReader<T>(offset: number, head: () => number, use: (reader: LineReader) => Promise<T>): Promise<T> {
  const reader = new LineReader(path, offset, head);
  try {
    return await use(reader);
  } finally {
    await reader.close();
  }
}

describe("reading lines", () => {
  it("gives each line with the offset after it, and holds back what has no line break yet", async () => {
    writeFileSync(path, "one\n\nthree\nfour");
    await withReader(
      0,
      () => 0,
      async (reader) => {
        const lines = await readAll(reader);
        expect(texts(lines)).toEqual(["one", "", "three"]);
        expect(lines.map(({ end }) => end)).toEqual([4, 5, 11]);
        appendFileSync(path, "teen\nfive");
        expect(texts(await readAll(reader))).toEqual(["fourteen"]);
        expect(reader.last(false)).toMatchObject({ end: 24, partial: false, bytes: Buffer.from("five") });
      },
    );
  });

  it("waits for a file that is not there yet", async () => {
    await withReader(
      0,
      () => 0,
      async (reader) => {
        expect(await readAll(reader)).toEqual([]);
        writeFileSync(path, "at last\n");
        expect(texts(await readAll(reader))).toEqual(["at last"]);
      },
    );
  });

  it("cuts long lines so that no character is cut in two", async () => {
    const line = `x${"é".repeat(LONGEST_LINE)}`;
    writeFileSync(path, `${line}\nend\n`);
    const lines = await withReader(0, () => 0, readAll);
    expect(lines.map(({ partial }) => partial)).toEqual([true, true, false, false]);
    expect(texts(lines.slice(0, 3)).join("")).toBe(line);
    for (const { bytes } of lines) {
      expect(bytes.length).toBeLessThanOrEqual(LONGEST_LINE);
      expect(bytes.toString()).not.toContain("\uFFFD");
    }
  });

  it("begins behind what was dropped, at the next line, and counts every byte that is missing", async () => {
    writeFileSync(path, "first\nsecond\nthird\n");
    const lines = await withReader(0, () => 8, readAll);
    expect(lines).toMatchObject([{ bytes: Buffer.from("third"), skipped: 13 }]);
  });

  it("gives up what is dropped while it reads, and counts it", async () => {
    writeFileSync(path, "a\nb\nc\nd\n");
    let head = 0;
    await withReader(
      0,
      () => head,
      async (reader) => {
        await reader.fill();
        expect(reader.next()).toMatchObject({ bytes: Buffer.from("a"), skipped: 0 });
        head = 5;
        await reader.fill();
        expect(reader.next()).toMatchObject({ bytes: Buffer.from("d"), skipped: 4, end: 8 });
      },
    );
  });

  it("begins anew when the app has emptied its log", async () => {
    writeFileSync(path, "long ago and gone\n");
    await withReader(
      0,
      () => 0,
      async (reader) => {
        await readAll(reader);
        truncateSync(path);
        appendFileSync(path, "new\n");
        expect(texts(await readAll(reader))).toEqual(["new"]);
      },
    );
  });

  it("gives all bytes back, whatever they are and wherever reading begins and is resumed", async () => {
    const anyText = fc.array(fc.oneof(fc.string(), fc.constant("\n"), fc.constant("y".repeat(70_000))), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(anyText, fc.nat(), async (parts, pick) => {
        const text = parts.join("\n");
        writeFileSync(path, text);
        const whole = await withReader(
          0,
          () => 0,
          async (reader) => {
            const lines = await readAll(reader);
            const last = reader.last(false);
            return last ? [...lines, last] : lines;
          },
        );
        const back = whole.map(({ bytes, partial }) => bytes.toString() + (partial ? "" : "\n")).join("");
        expect(back).toBe(text === "" || text.endsWith("\n") ? text : `${text}\n`);
        const from = whole[pick % Math.max(whole.length, 1)]?.end ?? 0;
        const rest = await withReader(from, () => 0, readAll);
        expect(texts(rest)).toEqual(texts(whole.filter(({ end }) => end > from)).slice(0, rest.length));
      }),
      { numRuns: 50 },
    );
  });
});

describe("where the last lines begin", () => {
  const starts = (count: number, head = 0, end = Number.NaN) => lastLineStarts(path, head, end, count);

  it("is found from the end", async () => {
    writeFileSync(path, "a\nbb\n\nccc\n");
    expect(await starts(2, 0, 10)).toEqual([6, 5]);
    expect(await starts(9, 0, 10)).toEqual([6, 5, 2, 0]);
    expect(await starts(0, 0, 10)).toEqual([]);
    expect(await starts(1, 0, 9)).toEqual([6]);
  });

  it("is nowhere in an empty file, or in none", async () => {
    expect(await starts(3, 0, 0)).toEqual([]);
    writeFileSync(path, "");
    expect(await starts(3, 0, 0)).toEqual([]);
    writeFileSync(path, "\n");
    expect(await starts(3, 0, 1)).toEqual([0]);
  });

  it("counts a long line as its parts, and looks not before the head", async () => {
    writeFileSync(path, `${"z".repeat(LONGEST_LINE + 10)}\nend\n`);
    const size = LONGEST_LINE + 15;
    expect(await starts(2, 0, size)).toEqual([LONGEST_LINE + 11, LONGEST_LINE]);
    expect(await starts(9, 4_096, size)).toEqual([LONGEST_LINE + 11, 4_096]);
  });

  it("agrees with reading forward", async () => {
    const anyLines = fc.array(
      fc.string({ maxLength: 5 }).map((line) => line.replaceAll("\n", "")),
      { minLength: 1 },
    );
    await fc.assert(
      fc.asyncProperty(anyLines, fc.integer({ min: 1, max: 9 }), async (lines, count) => {
        const text = `${lines.join("\n")}\n`;
        writeFileSync(path, text);
        const begin = (await starts(count, 0, Buffer.byteLength(text))).at(-1) ?? 0;
        const read = await withReader(begin, () => 0, readAll);
        expect(texts(read)).toEqual(lines.slice(-count));
      }),
      { numRuns: 100 },
    );
  });

  it("of a byte is that of its line", async () => {
    writeFileSync(path, "abc\ndef\n");
    expect(await Promise.all([0, 2, 3, 4, 7, 8].map((offset) => lineStart(path, 0, offset)))).toEqual([
      0, 0, 0, 4, 4, 8,
    ]);
  });
});
