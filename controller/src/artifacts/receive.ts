import { createHash } from "node:crypto";
import { open, unlink } from "node:fs/promises";
import { diskError } from "@damson/artifact";
import { uploadTooLarge } from "./errors.ts";

/** An upload that is whole and durable, and has no name yet. */
export interface Received {
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/**
 * Writes a stream to a new file at `path`, durably. When it breaks off, no file is left.
 *
 * @throws DamsonError `UPLOAD_TOO_LARGE` (413), `NO_SPACE` (507), and what the stream throws.
 */
export async function receive(stream: AsyncIterable<Buffer>, path: string, maxBytes: number): Promise<Received> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  const file = await open(path, "wx", 0o600);
  try {
    try {
      for await (const chunk of stream) {
        sizeBytes += chunk.length;
        if (sizeBytes > maxBytes) throw uploadTooLarge(maxBytes);
        hash.update(chunk);
        await file.writeFile(chunk);
      }
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await unlink(path);
    throw diskError(error, "artifacts");
  }
  return { path, sha256: hash.digest("hex"), sizeBytes };
}
