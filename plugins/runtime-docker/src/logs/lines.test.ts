import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Frame } from "./frames.ts";
import { LineBuilder, type RawLine } from "./lines.ts";
import { momentOf } from "./moment.ts";

const PIECE = 16_384;
const LONGEST = 65_536;

const at = (nanos: number): string => `2026-01-31T12:00:00.${String(nanos).padStart(9, "0")}Z`;
const frame = (nanos: number, content: string | Buffer, stream: Frame["stream"] = "stdout"): Frame => ({
  stream,
  data: Buffer.concat([Buffer.from(`${at(nanos)} `), Buffer.from(content)]),
});

/** What an engine makes of a line: pieces of one timestamp. */
function piecesOf(nanos: number, content: Buffer, stream: Frame["stream"] = "stdout"): Frame[] {
  const frames: Frame[] = [];
  for (let from = 0; from === 0 || from <= content.length; from += PIECE) {
    const isLast = from + PIECE > content.length;
    frames.push(
      frame(nanos, Buffer.concat([content.subarray(from, from + PIECE), Buffer.from(isLast ? "\n" : "")]), stream),
    );
  }
  return frames;
}

function read(frames: readonly Frame[]): RawLine[] {
  const builder = new LineBuilder();
  return [...frames.flatMap((one) => builder.add(one)), ...builder.end()];
}
const texts = (lines: readonly RawLine[]) => lines.map(({ text }) => text);

describe("lines of an engine's log", () => {
  it("have their text, stream and moment", () => {
    expect(read([frame(1, "one\n"), frame(2, "two\n", "stderr"), frame(3, "\n")])).toEqual([
      { stream: "stdout", moment: momentOf(at(1)), text: "one" },
      { stream: "stderr", moment: momentOf(at(2)), text: "two" },
      { stream: "stdout", moment: momentOf(at(3)), text: "" },
    ]);
  });

  it("keep carriage returns, spaces at both ends, and what looks like a timestamp", () => {
    expect(texts(read([frame(1, "  a \r\n"), frame(2, `${at(7)} b\n`)]))).toEqual(["  a \r", `${at(7)} b`]);
  });

  it.each([0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 5, LONGEST])(
    "of %i bytes are put together from their pieces",
    (size) => {
      const text = "x".repeat(size);
      expect(read([...piecesOf(1, Buffer.from(text)), ...piecesOf(2, Buffer.from("next"))])).toEqual([
        { stream: "stdout", moment: momentOf(at(1)), text },
        { stream: "stdout", moment: momentOf(at(2)), text: "next" },
      ]);
    },
  );

  it("that are longer come in parts of one moment, of which all but the last say that they go on", () => {
    const text = "abcdefghi".repeat(40_000);
    const lines = read(piecesOf(1, Buffer.from(text)));
    expect(lines.map(({ partial = false }) => partial)).toEqual([true, true, true, true, true, false]);
    expect(texts(lines).join("")).toBe(text);
    expect(new Set(lines.map(({ moment }) => moment)).size).toBe(1);
  });

  it("are cut so that no character is cut in two", () => {
    const text = `x${"é€😀".repeat(30_000)}`;
    const lines = read(piecesOf(1, Buffer.from(text)));
    expect(texts(lines).join("") === text).toBe(true);
    expect(lines.length).toBeGreaterThan(4);
    for (const line of lines) {
      expect(Buffer.byteLength(line.text)).toBeLessThanOrEqual(LONGEST);
      expect(line.base64).toBeUndefined();
    }
  });

  it("that are no UTF-8 have their exact bytes beside the text", () => {
    const bytes = Buffer.from([0x61, 0xff, 0xfe, 0x62]);
    const [line] = read(piecesOf(1, bytes));
    expect(line).toMatchObject({ text: "a\uFFFD\uFFFDb", base64: bytes.toString("base64") });
    const [only] = read(piecesOf(1, Buffer.alloc(LONGEST, 0x80)));
    expect(only?.base64 && Buffer.from(only.base64, "base64").equals(Buffer.alloc(LONGEST, 0x80))).toBe(true);
  });

  it("of both streams are put together each for itself", () => {
    const out = piecesOf(1, Buffer.from("o".repeat(2 * PIECE + 1)));
    const err = piecesOf(2, Buffer.from("e".repeat(2 * PIECE + 1)), "stderr");
    const mixed = out.flatMap((one, index) => [one, err[index]].filter((each) => each !== undefined));
    expect(read(mixed).map(({ stream, text }) => [stream, text.length, text[0]])).toEqual([
      ["stdout", 2 * PIECE + 1, "o"],
      ["stderr", 2 * PIECE + 1, "e"],
    ]);
  });

  it("end without a line break where the app's output ends so", () => {
    expect(texts(read([frame(1, "one\n"), frame(2, "half")]))).toEqual(["one", "half"]);
    expect(texts(read([frame(1, "f".repeat(PIECE))]))).toEqual(["f".repeat(PIECE)]);
  });

  it("end after a full piece when the next has another timestamp", () => {
    expect(texts(read([frame(1, "f".repeat(PIECE)), frame(2, "next\n")]))).toEqual(["f".repeat(PIECE), "next"]);
  });

  it("have a timestamp, or are none", () => {
    const nothing: Frame = { stream: "stdout", data: Buffer.alloc(0) };
    const words: Frame = { stream: "stdout", data: Buffer.from("no time here\n") };
    expect(read([nothing, words, frame(1, "good\n")])).toMatchObject([{ text: "good" }]);
  });

  it("give every byte back, whatever it is", () => {
    const byte = fc.integer({ min: 0, max: 255 }).map((value) => (value === 10 ? 11 : value));
    const some = fc.array(byte, { maxLength: 30 }).map((bytes) => Buffer.from(bytes));
    const much = fc
      .tuple(
        some.filter(({ length }) => length > 0),
        fc.constantFrom(PIECE - 1, PIECE, 3 * PIECE, LONGEST, LONGEST + 1, 150_000),
      )
      .map(([pattern, size]) => Buffer.alloc(size, pattern));
    const stream = fc.constantFrom<Frame["stream"]>("stdout", "stderr");
    fc.assert(
      fc.property(fc.array(fc.tuple(stream, fc.oneof(some, much)), { maxLength: 6 }), (written) => {
        const lines = read(written.flatMap(([name, bytes], index) => piecesOf(index, bytes, name)));
        const back = new Map<string, Buffer[]>();
        for (const { moment, text, base64 } of lines) {
          const bytes = base64 === undefined ? Buffer.from(text) : Buffer.from(base64, "base64");
          back.set(moment, [...(back.get(moment) ?? []), bytes]);
        }
        expect([...back.values()].map((parts) => Buffer.concat(parts).toString("latin1"))).toEqual(
          written.map(([, bytes]) => bytes.toString("latin1")),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe("lines of Podman's log", () => {
  const readAll = (frames: readonly Frame[]): RawLine[] => {
    const builder = new LineBuilder({ onlyBreaksEnd: true });
    return [...frames.flatMap((one) => builder.add(one)), ...builder.end()];
  };

  it("are put together from pieces of any size and time, up to their line break", () => {
    const frames = [frame(1, "a".repeat(8_192)), frame(2, "b"), frame(3, "c\n"), frame(4, "next\n"), frame(5, "half")];
    expect(readAll(frames)).toMatchObject([
      { moment: momentOf(at(1)), text: `${"a".repeat(8_192)}bc` },
      { moment: momentOf(at(4)), text: "next" },
      { moment: momentOf(at(5)), text: "half" },
    ]);
  });

  it("come in parts when they are long, each with a moment of its own piece", () => {
    const pieces = Array.from({ length: 20 }, (_, index) => frame(index, "x".repeat(8_192)));
    const lines = readAll([...pieces, frame(20, "end\n")]);
    expect(lines.map(({ partial = false }) => partial)).toEqual([true, true, false]);
    expect(texts(lines).join("")).toBe(`${"x".repeat(20 * 8_192)}end`);
    expect(lines.map(({ moment }) => moment)).toEqual(lines.map(({ moment }) => moment).toSorted());
  });
});
