import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { DamsonError, hasCode } from "@damson/plugin-sdk";
import type { FastifyReply, FastifyRequest } from "fastify";
import { fileOf } from "../artifacts/artifact-files.ts";
import { artifactLost } from "../artifacts/errors.ts";
import { WaitingLine } from "../artifacts/waiting-line.ts";
import type { ArtifactRecord } from "../model/artifact.ts";
import { byteRange } from "./byte-range.ts";

/** A client that takes nothing for this long is cut off. */
const STALL_MS = 60_000;

/** A new version may be wanted by thousands of agents at once; those that wait longer ask again. */
const line = new WaitingLine({ places: 128, waitMs: 45_000, length: 10_000 });

/**
 * Answers with an artifact's file, or the part of it that is asked for (RFC 9110, sections 13 and 14). Its tag is its hash,
 * which a library that serves files does not know.
 *
 * @throws DamsonError `PRECONDITION_FAILED` (412), `RANGE_INVALID` (416), `DOWNLOADS_BUSY` (503), `ARTIFACT_LOST`
 *   (500).
 */
export async function sendArtifact(
  { method, headers }: FastifyRequest,
  reply: FastifyReply,
  { url, sha256, sizeBytes }: ArtifactRecord,
  directory: string,
): Promise<FastifyReply> {
  const tag = `"${sha256}"`;
  void reply.header("etag", tag).header("accept-ranges", "bytes").header("cache-control", "private, no-cache");
  if (headers["if-match"] !== undefined && !holds(headers["if-match"], tag)) {
    throw new DamsonError("PRECONDITION_FAILED", "The artifact is not the one that If-Match names", {
      status: 412,
      remedy: "Fetch it anew.",
    });
  }
  if (headers["if-none-match"] !== undefined && holds(headers["if-none-match"], tag)) return reply.code(304).send();
  const { "if-range": condition } = headers;
  const isSame = condition === undefined || condition === tag;
  const range = isSame ? byteRange(headers.range, sizeBytes) : undefined;
  if (range === "none") {
    void reply.header("content-range", `bytes */${sizeBytes}`);
    throw new DamsonError("RANGE_INVALID", `The artifact has ${sizeBytes} bytes, none of which is in the range`, {
      status: 416,
      remedy: "Ask for bytes that there are.",
    });
  }
  const { start, end } = range ?? { start: 0, end: sizeBytes - 1 };
  if (method !== "HEAD") await placeFor(reply);
  const file = await openFile(join(directory, fileOf(url)), sizeBytes, url);
  if (range) void reply.code(206).header("content-range", `bytes ${start}-${end}/${sizeBytes}`);
  void reply
    .type("application/zip")
    .header("content-length", end - start + 1)
    .header("content-disposition", `attachment; filename="${fileOf(url)}"`)
    .header("x-content-type-options", "nosniff");
  if (method === "HEAD") {
    await file.close();
    return reply.send();
  }
  reply.raw.setTimeout(STALL_MS);
  return reply.send(file.createReadStream({ start, end }));
}

/** Waits until this answer's turn has come; it ends with the answer. */
async function placeFor(reply: FastifyReply): Promise<void> {
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort());
  const leave = await line.enter(gone.signal);
  if (!leave) {
    throw new DamsonError("DOWNLOADS_BUSY", "Too many downloads are under way", {
      status: 503,
      retryable: true,
      remedy: "Try again in a while.",
    });
  }
  if (reply.raw.closed) leave();
  else reply.raw.once("close", leave);
}

async function openFile(path: string, sizeBytes: number, url: string): Promise<FileHandle> {
  try {
    const file = await open(path, "r");
    if ((await file.stat()).size === sizeBytes) return file;
    await file.close();
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
  throw artifactLost(url);
}

/** Whether a list of tags holds this one; weak ones are those of a proxy on the way. */
function holds(list: string, tag: string): boolean {
  return list.trim() === "*" || list.split(",").some((one) => one.trim().replace(/^W\//, "") === tag);
}
