import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonLines } from "./json-lines.ts";

async function* chunks(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  for (const [index, place] of places.entries()) yield bytes.subarray(place, places[index + 1]);
}
async function* texts(...all: readonly string[]): AsyncGenerator<string> {
  yield* all;
}

describe("lines of JSON", () => {
  it("are read wherever the stream is cut, even within a character", async () => {
    const values = fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.record({ é: fc.integer() })), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(values, fc.array(fc.nat(), { maxLength: 20 }), fc.boolean(), async (sent, cuts, isEnded) => {
        const text = sent.map((value) => JSON.stringify(value)).join("\r\n") + (isEnded ? "\n" : "");
        expect(await Array.fromAsync(jsonLines(chunks(Buffer.from(text), cuts)))).toEqual(sent);
      }),
    );
  });

  it("may be text, empty, or without an end", async () => {
    expect(await Array.fromAsync(jsonLines(texts('{"a":1}\n\n \n{"b"', ":2}")))).toEqual([{ a: 1 }, { b: 2 }]);
    expect(await Array.fromAsync(jsonLines(texts("", "\n")))).toEqual([]);
  });

  it("come as soon as they are whole", async () => {
    const lines = jsonLines(
      (async function* () {
        yield "1\n2";
        throw new Error("cut");
      })(),
    );
    expect(await lines.next()).toEqual({ value: 1, done: false });
    await expect(lines.next()).rejects.toThrow("cut");
  });

  it.each(["{\n", "<html>", '{"a":1}{"b":2}\n'])("are nothing else: %j", async (text) => {
    await expect(Array.fromAsync(jsonLines(texts(text)))).rejects.toThrow(SyntaxError);
  });
});
