import { isUtf8 } from "node:buffer";
import { DamsonError } from "@damson/plugin-sdk";
import { type ParseError, parse as parseTolerantly, printParseErrorCode } from "jsonc-parser";
import { parse as parseSecurely } from "secure-json-parse";

// Deep enough for any document of Damson's, and shallow enough for every recursive function that meets it.
const MAX_DEPTH = 64;

/**
 * The value of a JSON body as it was received.
 *
 * @throws DamsonError `CONTENT_ENCODING_UNSUPPORTED` (415), `BODY_NOT_UTF8` (400), and what {@link parseJsonBody} throws.
 */
export function readJsonBody(body: Buffer, contentEncoding = "identity"): unknown {
  if (contentEncoding.toLowerCase() !== "identity") {
    throw new DamsonError("CONTENT_ENCODING_UNSUPPORTED", `The body is encoded as "${contentEncoding}"`, {
      status: 415,
      remedy: "Send it as it is, without the header Content-Encoding.",
    });
  }
  if (!isUtf8(body)) {
    throw new DamsonError("BODY_NOT_UTF8", "The body has bytes that are not UTF-8", {
      status: 400,
      remedy: "Send JSON that is encoded as UTF-8.",
    });
  }
  return parseJsonBody(body.toString());
}

/**
 * The value of a JSON body; `undefined` when it is empty.
 *
 * @throws DamsonError `JSON_INVALID` (400, with line and column), `JSON_TOO_DEEP` (400), or `JSON_KEY_FORBIDDEN` (400) for
 *   the keys that could reach a prototype: `__proto__`, and `prototype` in `constructor`.
 */
export function parseJsonBody(text: string): unknown {
  if (text.trim() === "") return undefined;
  if (isDeeperThan(text, MAX_DEPTH)) {
    throw new DamsonError("JSON_TOO_DEEP", `The body is nested more than ${MAX_DEPTH} levels deep`, { status: 400 });
  }
  try {
    return parseSecurely(text, { protoAction: "error", constructorAction: "error" });
  } catch {
    throw faultOf(text);
  }
}

function faultOf(text: string): DamsonError {
  const errors: ParseError[] = [];
  parseTolerantly(text, errors, { disallowComments: true, allowTrailingComma: false });
  const first = errors[0];
  if (!first && isJson(text)) {
    return new DamsonError("JSON_KEY_FORBIDDEN", "The body has a key that reaches for a prototype", {
      status: 400,
      remedy: 'Leave out "__proto__", and "prototype" inside "constructor".',
    });
  }
  if (!first) return new DamsonError("JSON_INVALID", "The body is not JSON", { status: 400 });
  const message = wordsOf(printParseErrorCode(first.error));
  const { line, column } = placeOf(text, first.offset);
  return new DamsonError("JSON_INVALID", `The body is not JSON: ${message} at line ${line}, column ${column}`, {
    status: 400,
    issues: [{ line, column, message }],
  });
}

/** `CommaExpected` as `comma expected`. */
function wordsOf(code: string): string {
  return code.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isDeeperThan(text: string, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (inString) {
      if (character === "\\") index += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "[" || character === "{") depth += 1;
    else if (character === "]" || character === "}") depth -= 1;
    if (depth > limit) return true;
  }
  return false;
}
