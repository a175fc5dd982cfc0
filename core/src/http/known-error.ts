import { DamsonError, errorText, isDamsonError } from "@damson/plugin-sdk";

const FROM_FASTIFY: Readonly<Record<string, { code: string; message: string; remedy: string }>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: "UNSUPPORTED_MEDIA_TYPE",
    message: "The body is of a type that is not accepted here",
    remedy: "Send JSON, with the header Content-Type: application/json.",
  },
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: "BODY_TOO_LARGE",
    message: "The body is too large",
    remedy: "Send less in one request.",
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: "BODY_TRUNCATED",
    message: "The body is not as long as the header Content-Length says",
    remedy: "Send the whole body.",
  },
  FST_ERR_BAD_URL: {
    code: "URL_INVALID",
    message: "The path of the URL cannot be decoded",
    remedy: "Percent-encode it as UTF-8.",
  },
  FST_ERR_MAX_PARAM_LENGTH: {
    code: "URL_TOO_LONG",
    message: "A part of the URL's path is too long",
    remedy: "Check the path; no name in Damson is that long.",
  },
};

/**
 * What a client is told about `thrown`: Damson's own errors as they are, Fastify's in our words, errors of plugins that
 * carry a 4xx status with their text. Anything else is a bug, whose inside is nobody's business: `INTERNAL` (500).
 * `bodyLimit`: most bytes of a body on this route.
 */
export function knownError(thrown: unknown, bodyLimit?: number): DamsonError {
  if (isDamsonError(thrown)) return thrown;
  const { code, statusCode } = facts(thrown);
  const known = FROM_FASTIFY[code];
  const status = statusCode >= 400 && statusCode < 500 ? statusCode : 500;
  if (known) {
    const limit = known.code === "BODY_TOO_LARGE" && bodyLimit ? `; at most ${bodyLimit} bytes are accepted here` : "";
    return new DamsonError(known.code, `${known.message}${limit}`, { status, remedy: known.remedy, cause: thrown });
  }
  if (status === 500) {
    return new DamsonError("INTERNAL", "Something went wrong inside; this is a bug", {
      remedy: "Look for the request_id in the log of the server, and report what it says.",
      cause: thrown,
    });
  }
  const isOurs = /^[A-Z][A-Z0-9_]+$/.test(code) && !code.startsWith("FST_");
  return new DamsonError(isOurs ? code : "REQUEST_REFUSED", errorText(thrown), { status, cause: thrown });
}

function facts(thrown: unknown): { code: string; statusCode: number } {
  const { code, statusCode } = Object(thrown);
  return { code: String(code), statusCode: Number(statusCode) };
}
