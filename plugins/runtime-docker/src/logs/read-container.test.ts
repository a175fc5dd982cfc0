import type { LogLine, LogStream } from "@damson/plugin-sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Engine } from "../engine/engine.ts";
import { type Answers, FakeEngine, GOOD } from "../fixtures/fake-engine.ts";
import { quiet } from "../fixtures/quiet-log.ts";
import { Containers } from "../unit/containers.ts";
import { parseCursor, positionBefore } from "./cursor.ts";
import type { RawLine } from "./lines.ts";
import { momentOfDate } from "./moment.ts";
import { Reading, readContainer } from "./read-container.ts";

const RUN = 4;
const momentAt = (seconds: number): string => momentOfDate(new Date(seconds * 1_000));
const raw = (seconds: number, text: string, stream: LogStream = "stdout"): RawLine => ({
  stream,
  moment: momentAt(seconds),
  text,
});

/** What an engine has, from a moment on. */
function since(log: readonly RawLine[], from = ""): RawLine[] {
  return log.filter(({ moment }) => moment >= from);
}

function readOn(log: readonly RawLine[], after?: string): LogLine[] {
  const reading = new Reading(RUN, after === undefined ? undefined : parseCursor(after));
  return since(log, reading.begin()).flatMap((line) => reading.take(line) ?? []);
}
const texts = (lines: readonly LogLine[]) => lines.map(({ text }) => text);

/** Lines of two streams, each in the order of time, many with the same moment. */
const logs = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.constantFrom<LogStream>("stdout", "stderr")), { maxLength: 25 })
  .map((steps) => {
    let second = 1;
    return steps.map(([step, stream], index) => {
      second += step;
      return raw(second, String(index), stream);
    });
  });

describe("reading a container's log", () => {
  it("gives each line once with its cursor and time", () => {
    const lines = readOn([raw(1, "a"), raw(1, "b"), raw(2, "c", "stderr")]);
    expect(lines.map(({ stream, time, text }) => [stream, time, text])).toEqual([
      ["stdout", "1970-01-01T00:00:01.000Z", "a"],
      ["stdout", "1970-01-01T00:00:01.000Z", "b"],
      ["stderr", "1970-01-01T00:00:02.000Z", "c"],
    ]);
    expect(new Set(lines.map(({ cursor }) => cursor)).size).toBe(3);
    expect(lines.some((line) => "skipped" in line || "moment" in line)).toBe(false);
  });

  it("goes on right after any line, and neither repeats nor loses one", () => {
    fc.assert(
      fc.property(logs, fc.nat(), fc.array(fc.nat(), { maxLength: 3 }), (log, pick, more) => {
        const whole = readOn(log);
        expect(texts(whole)).toEqual(log.map(({ text }) => text));
        let at = whole.length === 0 ? 0 : pick % whole.length;
        let rest = readOn(log, whole[at]?.cursor);
        expect(texts(rest)).toEqual(texts(whole.slice(at + 1)));
        // And again, from a cursor that was made after a resume.
        for (const next of more) {
          if (rest.length === 0) return;
          const chosen = next % rest.length;
          at += chosen + 1;
          rest = readOn(log, rest[chosen]?.cursor);
          expect(texts(rest)).toEqual(texts(whole.slice(at + 1)));
          expect(rest.some((line) => "skipped" in line)).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("goes on when the stream is cut anywhere, any number of times, while lines are added", () => {
    fc.assert(
      fc.property(logs, fc.array(fc.nat(30), { maxLength: 6 }), (log, cuts) => {
        const reading = new Reading(RUN);
        const found: LogLine[] = [];
        for (const [index, cut] of [...cuts, log.length].entries()) {
          // What the engine has by then, of which some is read.
          const there = since(log.slice(0, index === cuts.length ? log.length : cut), reading.begin());
          for (const line of there) found.push(...[reading.take(line) ?? []].flat());
        }
        expect(texts(found)).toEqual(log.map(({ text }) => text));
        expect(found.some((line) => "skipped" in line)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it("says that some are missing when the line to go on from is gone", () => {
    const log = [raw(1, "a"), raw(2, "b"), raw(3, "c"), raw(4, "d")];
    const [first] = readOn(log);
    const rest = readOn(log.slice(2), first?.cursor);
    expect(rest).toMatchObject([{ text: "c", skipped: null }, { text: "d" }]);
    expect(rest[1]).not.toHaveProperty("skipped");
    // From there on it is as ever.
    expect(readOn(log.slice(2), rest[0]?.cursor).some((line) => "skipped" in line)).toBe(false);
  });

  it("says so of the stream that has lost some, and of no other", () => {
    const log = [raw(1, "o1"), raw(1, "e1", "stderr"), raw(2, "o2"), raw(3, "e3", "stderr"), raw(4, "o4")];
    const cursor = readOn(log)[1]?.cursor;
    const kept = log.filter(({ text }) => text !== "o1" && text !== "o2");
    expect(readOn(kept, cursor)).toMatchObject([{ text: "e3" }, { text: "o4", skipped: null }]);
    expect(readOn(kept, cursor)[0]).not.toHaveProperty("skipped");
  });

  it("gives lines whose time is before that of the last one, as the clock was set back", () => {
    const log = [raw(5, "a"), raw(6, "b"), raw(2, "c"), raw(2, "d"), raw(3, "e")];
    expect(texts(readOn(log))).toEqual(["a", "b", "c", "d", "e"]);
    expect(texts(readOn(log, readOn(log)[0]?.cursor))).toEqual(["b", "c", "d", "e"]);
  });

  it("begins before all lines of a moment", () => {
    const log = [raw(1, "a"), raw(2, "b"), raw(2, "c", "stderr"), raw(2, "d"), raw(3, "e")];
    const reading = new Reading(RUN, positionBefore(RUN, momentAt(2)));
    const lines = since(log, reading.begin()).flatMap((line) => reading.take(line) ?? []);
    expect(texts(lines)).toEqual(["b", "c", "d", "e"]);
    expect(lines.some((line) => "skipped" in line)).toBe(false);
  });

  it("keeps what a line has beside its text", () => {
    const line: RawLine = { ...raw(1, "\uFFFD"), base64: "/w==", partial: true };
    expect(readOn([line])).toMatchObject([{ text: "\uFFFD", base64: "/w==", partial: true }]);
  });
});

describe("following a container's log", () => {
  it("ends when its plugin is unloaded and the engine is away, so that another can go on", async () => {
    const fake = new FakeEngine();
    const logs: Answers[string] = (answer) => void answer.write(frame("1970-01-01T00:00:01Z hello\n"));
    fake.answers = { ...GOOD, "/containers/c1/logs": logs };
    await fake.listen();
    const engine = new Engine({ address: { socketPath: fake.socketPath }, label: "", log: quiet });
    engine.open();
    await engine.check();
    const query = { id: "c1", run: RUN, from: undefined, follow: true, signal: AbortSignal.timeout(20_000) };
    const lines = readContainer(engine, new Containers(engine), query);
    expect((await lines.next()).value).toMatchObject({ text: "hello" });
    engine.close();
    await fake.dispose();
    expect(await lines.next()).toEqual({ done: true, value: undefined });
    expect(query.signal.aborted).toBe(false);
  });
});

/** As engines send what was written to stdout. */
function frame(text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = 1;
  header.writeUInt32BE(text.length, 4);
  return Buffer.concat([header, Buffer.from(text)]);
}
