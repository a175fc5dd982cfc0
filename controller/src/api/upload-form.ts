import { DamsonError, errorText, isDamsonError } from "@damson/plugin-sdk";
import type {} from "@fastify/multipart";
import type { FastifyRequest } from "fastify";
import type { Artifacts } from "../artifacts/artifacts.ts";
import { uploadTooLarge } from "../artifacts/errors.ts";
import type { Received } from "../artifacts/receive.ts";

const FIELD = "file";

/** Boundaries, and what else a form may hold. */
const FORM_BYTES = 1_048_576;
const LIMITS = { fields: 32, fieldSize: 65_536, files: 2, parts: 34, headerPairs: 100 };

/** A client that sends nothing for this long is cut off. */
const STALL_MS = 30_000;

/**
 * Takes the file of a form (multipart/form-data) to disk.
 *
 * @throws DamsonError `UPLOAD_INVALID` or `FILE_REQUIRED` (400), and what {@link Artifacts.receive} throws. Nothing is left
 *   of the upload then.
 */
export async function receiveForm(request: FastifyRequest, artifacts: Artifacts, maxBytes: number): Promise<Received> {
  if (!request.isMultipart()) throw badForm("its Content-Type is not multipart/form-data");
  if (Number(request.headers["content-length"] ?? 0) > maxBytes + FORM_BYTES) throw uploadTooLarge(maxBytes);
  request.raw.setTimeout(STALL_MS);
  let received: Received | undefined;
  try {
    // The bound on files is that of `receive`, whose error says more.
    const limits = { ...LIMITS, fileSize: Number.POSITIVE_INFINITY };
    for await (const part of request.parts({ limits })) {
      if (part.type !== "file") continue;
      if (part.fieldname !== FIELD) part.file.resume();
      else if (received) throw badForm("it has more than one file");
      else received = await artifacts.receive(part.file);
    }
    if (received) return received;
  } catch (error) {
    if (received) await artifacts.discard(received);
    throw isDamsonError(error) || isSystemError(error) ? error : badForm(errorText(error));
  } finally {
    request.raw.setTimeout(0);
    // What is left of a refused form stands in the way of the connection's next request, and of the client's reading.
    request.raw.unpipe().resume();
  }
  throw new DamsonError("FILE_REQUIRED", 'file required: the form has no file in its field "file"', {
    status: 400,
    remedy: "Send the zip archive as the field file, e.g. curl -F file=@demo.zip.",
  });
}

function badForm(why: string): DamsonError {
  return new DamsonError("UPLOAD_INVALID", `bad form: ${why}`, {
    status: 400,
    remedy: "Send multipart/form-data with the zip archive as the field file, e.g. curl -F file=@demo.zip.",
  });
}

/** A disk that is broken is no fault of the form. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}
