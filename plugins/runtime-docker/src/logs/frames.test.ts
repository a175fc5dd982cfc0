import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Frame, frames } from "./frames.ts";

function encode({ stream, data }: Frame): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream === "stderr" ? 2 : 1;
  header.writeUInt32BE(data.length, 4);
  return Buffer.concat([header, data]);
}

async function* chunksOf(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer> {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  for (const [index, place] of places.entries()) yield bytes.subarray(place, places[index + 1]);
}

const read = async (bytes: Buffer, cuts: readonly number[] = []): Promise<Frame[]> =>
  (await Array.fromAsync(frames(chunksOf(bytes, cuts)))).flat();

describe("frames of two outputs", () => {
  it("come out as they went in, wherever the stream is cut into chunks", async () => {
    const frame = fc.record<Frame>({
      stream: fc.constantFrom("stdout", "stderr"),
      data: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 20 }), async (sent, cuts) => {
        const found = await read(Buffer.concat(sent.map(encode)), cuts);
        const plain = (all: readonly Frame[]) => all.map(({ stream, data }) => [stream, data.toString("hex")]);
        expect(plain(found)).toEqual(plain(sent));
      }),
    );
  });

  it("are whole, or are not given", async () => {
    const whole = encode({ stream: "stdout", data: Buffer.from("one") });
    const cut = encode({ stream: "stdout", data: Buffer.from("two") }).subarray(0, -1);
    expect(await read(Buffer.concat([whole, cut]))).toMatchObject([{ data: Buffer.from("one") }]);
    expect(await read(Buffer.from([1, 0, 0]))).toEqual([]);
    expect(await read(Buffer.alloc(0))).toEqual([]);
  });

  it("of one chunk come together", async () => {
    const both = Buffer.concat(["a", "b"].map((text) => encode({ stream: "stderr", data: Buffer.from(text) })));
    expect(await Array.fromAsync(frames(chunksOf(both, [])))).toHaveLength(1);
  });

  it("need no copy of a chunk that begins somewhere in its memory", async () => {
    const memory = Buffer.concat([Buffer.from("other"), encode({ stream: "stdout", data: Buffer.from("mine") })]);
    expect(await read(memory.subarray(5))).toMatchObject([{ stream: "stdout", data: Buffer.from("mine") }]);
  });
});
