import { createHash, timingSafeEqual } from "node:crypto";
import { open } from "node:fs/promises";
import { DamsonError, errorText, type Logger } from "@damson/plugin-sdk";

/** Fewest characters of a token: with fewer it could be guessed. */
export const TOKEN_MIN_LENGTH = 16;
const TOKEN = /^[\x21-\x7e]+$/;
const OTHERS_MAY_READ = 0o044;

/**
 * Returns `text` without the blanks around it.
 *
 * @throws DamsonError `TOKEN_INVALID` (400) when it is too short or holds what cannot be sent in a header.
 */
export function checkToken(text: string, source: string): string {
  const token = text.trim();
  if (token.length >= TOKEN_MIN_LENGTH && TOKEN.test(token)) return token;
  throw new DamsonError("TOKEN_INVALID", `${source} does not hold a usable token`, {
    status: 400,
    remedy: `Use at least ${TOKEN_MIN_LENGTH} printable ASCII characters without blanks, e.g. from: openssl rand -hex 32`,
  });
}

/**
 * Reads a token from a file, and warns when others on this machine may read it too.
 *
 * @throws DamsonError `TOKEN_FILE_UNREADABLE` (400) or `TOKEN_INVALID` (400).
 */
export async function readTokenFile(file: string, log: Logger): Promise<string> {
  const { text, mode } = await readWithMode(file);
  if ((mode & OTHERS_MAY_READ) !== 0) {
    log.warn({ file }, `Other users may read the token in ${file}; run: chmod 600 ${file}`);
  }
  return checkToken(text, file);
}

async function readWithMode(file: string): Promise<{ text: string; mode: number }> {
  try {
    await using handle = await open(file, "r");
    const { mode } = await handle.stat();
    return { text: await handle.readFile("utf8"), mode };
  } catch (error) {
    throw new DamsonError("TOKEN_FILE_UNREADABLE", `Cannot read the token in ${file}: ${errorText(error)}`, {
      status: 400,
      cause: error,
    });
  }
}

/** Returns a check of `Authorization` headers against `token`, whose time says nothing about the token. */
export function tokenCheck(token: string): (authorization: string | undefined) => boolean {
  const expected = digest(token);
  return (authorization = "") => {
    const given = /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? "";
    return timingSafeEqual(digest(given), expected);
  };
}

/** Hashes have one length, which a comparison in constant time needs. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
