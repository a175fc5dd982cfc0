import type { LogStream } from "@damson/plugin-sdk";

const HEADER = 8;
const LENGTH_AT = 4;
const STDERR = 2;

/** Some bytes of one of a container's two outputs. */
export interface Frame {
  readonly stream: LogStream;
  readonly data: Buffer;
}

/** Takes apart what an engine sends of both outputs: frames with a header of 8 bytes, whose last 4 are the length. */
export async function* frames(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Frame[]> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    rest = rest.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([rest, chunk]);
    const found: Frame[] = [];
    let at = 0;
    while (rest.length - at >= HEADER) {
      const end = at + HEADER + rest.readUInt32BE(at + LENGTH_AT);
      if (end > rest.length) break;
      found.push({ stream: rest[at] === STDERR ? "stderr" : "stdout", data: rest.subarray(at + HEADER, end) });
      at = end;
    }
    rest = rest.subarray(at);
    if (found.length > 0) yield found;
  }
}
