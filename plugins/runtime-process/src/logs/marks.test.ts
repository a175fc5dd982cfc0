import { appendFileSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addHead, addMark, currentMarks, readMarks } from "./marks.ts";

describe("marks", () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "damson-marks-"));
    path = join(directory, "stdout.marks");
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it("tell since when a byte was there, and what was there before a moment", () => {
    addMark(path, { offset: 100, time: 1_000 }, 0);
    addMark(path, { offset: 200, time: 2_000 }, 1);
    addMark(path, { offset: 300, time: 3_000 }, 2);
    const marks = readMarks(path);
    expect([1, 100, 101, 300, 301].map((offset) => marks.timeOf(offset))).toEqual([
      1_000,
      1_000,
      2_000,
      3_000,
      undefined,
    ]);
    expect([0, 1_000, 1_001, 2_500, 9_000].map((time) => marks.offsetBefore(time))).toEqual([0, 0, 100, 200, 300]);
  });

  it("are read as far as they were written in full", () => {
    addMark(path, { offset: 100, time: 1_000 }, 0);
    addHead(path, 64);
    appendFileSync(path, "200 20");
    expect(readMarks(path)).toMatchObject({ head: 64, marks: [{ offset: 100, time: 1_000 }] });
    expect(readMarks(join(directory, "none"))).toMatchObject({ head: 0, marks: [] });
  });

  it("begin anew when the app has emptied its log, or the clock was set back", () => {
    addMark(path, { offset: 900, time: 1_000 }, 0);
    addMark(path, { offset: 50, time: 2_000 }, 1);
    expect(readMarks(path).marks).toEqual([{ offset: 50, time: 2_000 }]);
    addMark(path, { offset: 80, time: 500 }, 2);
    expect(readMarks(path).marks).toEqual([{ offset: 80, time: 500 }]);
  });

  it("are thinned out when they are many: the newest stay exact, the file stays small", () => {
    addHead(path, 4_096);
    let lines = 1;
    for (let second = 1; second <= 20_000; second += 1) {
      lines = addMark(path, { offset: 4_096 + second * 10, time: second * 1_000 }, lines);
    }
    const { head, marks } = readMarks(path);
    expect(head).toBe(4_096);
    expect(marks.length).toBeLessThan(8_200);
    expect(readFileSync(path, "utf8").split("\n").length).toBeLessThan(8_300);
    expect(marks.slice(-100).map(({ time }) => time)).toEqual(
      Array.from({ length: 100 }, (_, i) => (19_901 + i) * 1_000),
    );
    expect(marks[0]?.time).toBeLessThan(20_000);
  });

  it("know from the log file itself that all that is in it was there when it was last written", () => {
    const log = join(directory, "stdout");
    writeFileSync(log, "12345");
    utimesSync(log, 50, 50);
    expect(currentMarks(log, path).marks).toEqual([{ offset: 5, time: 50_000 }]);
    expect(currentMarks(join(directory, "none"), path).marks).toEqual([]);
  });
});
