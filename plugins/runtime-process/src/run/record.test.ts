import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isStarted, parseRecord, readRecord, recordedExit, voidRecord } from "./record.ts";

const BOOT = "0f3a1e2c-0000-4000-8000-123456789abc";

function record(words: string, last = words.split(" ")[0] ?? ""): Buffer {
  return Buffer.from(`${words.padEnd(118)}${last.padStart(9)}\n`);
}

describe("a record", () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "damson-record-"));
    path = join(directory, "a.1");
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it("has the identities of the shim and the app", () => {
    expect(parseRecord(record(`running - - 10 500 11 501 ${BOOT} 1700000000000`))).toEqual({
      state: "running",
      code: undefined,
      oom: false,
      shim: { pid: 10, start: 500 },
      app: { pid: 11, start: 501 },
      bootId: BOOT,
      startedAt: new Date(1_700_000_000_000),
    });
  });

  it("fits the largest numbers", () => {
    const largest = `running 255 99999 4194304 99999999999 4194304 99999999999 ${BOOT} 9999999999999`;
    expect(record(largest)).toHaveLength(128);
  });

  it("that is torn in the middle is none", () => {
    expect(parseRecord(record(`exited 0 - 10 500 11 501 ${BOOT} 1700000000000`, "running"))).toBeUndefined();
    expect(parseRecord(record(`running - - 10 500 11 501 ${BOOT} 1700000000000`).subarray(0, 100))).toBeUndefined();
    expect(parseRecord(Buffer.alloc(128))).toBeUndefined();
  });

  it("says how the app ended", () => {
    const status = (code: number, oom = "-") => {
      writeFileSync(path, record(`exited ${code} ${oom} 10 500 11 501 ${BOOT} 1700000000000`));
      const found = readRecord(path);
      return isStarted(found) && recordedExit(path, found);
    };
    expect(status(0)).toMatchObject({ code: 0, signal: null, oom: false });
    expect(status(7)).toMatchObject({ code: 7, signal: null });
    expect(status(134)).toMatchObject({ code: 134, signal: "SIGABRT" });
    expect(status(137, "1")).toMatchObject({ code: 137, signal: "SIGKILL", oom: true });
    expect(status(0, "1")).toMatchObject({ code: 0, oom: false });
    expect(status(255)).toMatchObject({ code: 255, signal: null });
  });

  it("can be taken by one only", () => {
    expect(voidRecord(path, BOOT)).toBe(true);
    expect(voidRecord(path, BOOT)).toBe(false);
    expect(readRecord(path)).toMatchObject({ state: "void", bootId: BOOT });
    expect(readFileSync(path)).toHaveLength(128);
  });

  it("that is not there, or not whole, says so", () => {
    expect(readRecord(path)).toBe("absent");
    writeFileSync(path, "");
    expect(readRecord(path)).toBe("torn");
  });
});
