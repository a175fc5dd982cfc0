import { setTimeout } from "node:timers/promises";
import { DamsonError, errorText, isDamsonError, type ReportProgress } from "@damson/plugin-sdk";
import { isDiskFull } from "./disk-error.ts";
import { PartialDownload } from "./partial-download.ts";
import type { RateLimit } from "./rate-limit.ts";

/** So many tries in a row may bring nothing. */
const TRIES = 5;
const FIRST_DELAY_MS = 500;
const STALL_MS = 60_000;

/** Bounds on a download. */
export interface DownloadBounds {
  /** In bytes. */
  readonly maxBytes: number;
  /** For all tries together. */
  readonly timeoutMs: number;
  /** Shared with other downloads. @default none */
  readonly rate?: RateLimit | undefined;
  /** Before the second try, in milliseconds; doubles with each further one. @default 500 */
  readonly firstDelayMs?: number | undefined;
}

/**
 * Downloads into `directory`, as its only file {@link ARCHIVE}, and checks the SHA-256 of the whole. Tries again after network
 * errors and 5xx answers, and goes on where it was, also where an earlier call or process was, if the server can do that.
 * What has come stays in the directory when it fails.
 *
 * @throws DamsonError `DOWNLOAD_FAILED` (retryable when another try may help), `DOWNLOAD_TOO_BIG` or
 *   `ARTIFACT_MISMATCH` (422).
 */
export async function download(
  url: string,
  sha256: string,
  directory: string,
  bounds: DownloadBounds,
  report: ReportProgress,
  signal: AbortSignal,
): Promise<void> {
  const whole = AbortSignal.any([signal, AbortSignal.timeout(bounds.timeoutMs)]);
  const partial = await PartialDownload.open(directory, url, signal);
  try {
    let furthest = partial.size;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await tryDownload(url, partial, bounds, report, whole);
        await check(url, sha256, partial);
        return await partial.finish();
      } catch (error) {
        signal.throwIfAborted();
        const failure = isDamsonError(error) || isDiskFull(error) ? error : unreachable(url, error);
        const retryable = isDamsonError(failure) && failure.retryable;
        // A line that breaks again and again, and brings some more each time, comes to an end.
        if (partial.size > furthest) attempt = 1;
        furthest = Math.max(furthest, partial.size);
        if (!retryable || attempt === TRIES || whole.aborted) throw failure;
        const delay = (bounds.firstDelayMs ?? FIRST_DELAY_MS) * 2 ** (attempt - 1) * (0.8 + 0.4 * Math.random());
        await setTimeout(delay, undefined, { signal: whole }).catch(() => {
          throw failure;
        });
      }
    }
  } finally {
    await partial.close();
  }
}

async function tryDownload(
  url: string,
  partial: PartialDownload,
  { maxBytes, rate }: DownloadBounds,
  report: ReportProgress,
  signal: AbortSignal,
): Promise<void> {
  // A server that accepts and then says nothing must not use up the time of all tries.
  const stalled = new AbortController();
  const alive = globalThis.setTimeout(() => stalled.abort(new Error(`no data for ${STALL_MS / 1_000} s`)), STALL_MS);
  alive.unref();
  try {
    const { target, headers } = requestFor(url);
    const { validator } = partial;
    if (validator !== undefined) Object.assign(headers, { range: `bytes=${partial.size}-`, "if-range": validator });
    const response = await fetch(target, { headers, signal: AbortSignal.any([signal, stalled.signal]) });
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw await refused(url, response.status, partial);
    }
    if (validator !== undefined && isRest(response, partial.size)) partial.goOn();
    else await partial.beginAnew(validatorOf(response));
    const length = Number(response.headers.get("content-length")) || undefined;
    const total = length === undefined ? undefined : partial.size + length;
    for await (const chunk of response.body) {
      alive.refresh();
      if (partial.size + chunk.length > maxBytes) throw tooBig(url, maxBytes);
      await partial.append(chunk);
      report({ step: "downloading", done: partial.size, ...(total === undefined ? {} : { total }) });
      await rate?.take(chunk.length, () => alive.refresh(), signal);
    }
  } finally {
    clearTimeout(alive);
  }
}

async function check(url: string, sha256: string, partial: PartialDownload): Promise<void> {
  const found = partial.digest();
  if (found === sha256) return;
  const { isPieced } = partial;
  await partial.empty();
  if (!isPieced) throw mismatch(publicUrl(url), sha256, found);
  throw new DamsonError("DOWNLOAD_FAILED", `the pieces that ${publicUrl(url)} gave are not of one archive`, {
    status: 502,
    retryable: true,
    remedy: "It is downloaded again as a whole.",
  });
}

/** What tells this content from a later one of the same URL. */
function validatorOf({ headers }: Response): string | undefined {
  const etag = headers.get("etag");
  if (etag !== null && !etag.startsWith("W/")) return etag;
  return headers.get("last-modified") ?? undefined;
}

function isRest({ status, headers }: Response, from: number): boolean {
  return status === 206 && headers.get("content-range")?.startsWith(`bytes ${from}-`) === true;
}

/** A user and password in the URL go into a header, which is not passed on to another server. */
function requestFor(url: string): { target: URL; headers: Record<string, string> } {
  const target = new URL(url);
  const { username, password } = target;
  // A range is one of the bytes as they are hashed.
  const headers = { "accept-encoding": "identity" };
  if (username === "" && password === "") return { target, headers };
  target.username = "";
  target.password = "";
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { target, headers: { ...headers, authorization: `Basic ${Buffer.from(credentials).toString("base64")}` } };
}

/** The URL as it may be shown: user, password and query may be secret. */
function publicUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

async function refused(url: string, status: number, partial: PartialDownload): Promise<DamsonError> {
  const isPastEnd = status === 416;
  if (isPastEnd) await partial.empty();
  return new DamsonError("DOWNLOAD_FAILED", `${publicUrl(url)} answers ${status}`, {
    status: 502,
    retryable: status >= 500 || status === 408 || status === 429 || isPastEnd,
    remedy: "See whether the URL is right, and whether its server allows the download.",
  });
}

function unreachable(url: string, error: unknown): DamsonError {
  const cause = error instanceof Error && error.cause !== undefined ? errorText(error.cause) : errorText(error);
  return new DamsonError("DOWNLOAD_FAILED", `${publicUrl(url)} cannot be downloaded: ${cause}`, {
    status: 502,
    retryable: true,
    remedy: "See whether this machine reaches the URL's server.",
  });
}

function tooBig(url: string, maxBytes: number): DamsonError {
  return new DamsonError("DOWNLOAD_TOO_BIG", `${publicUrl(url)} has more than ${maxBytes} bytes`, {
    status: 422,
    remedy: "If the artifact is right, raise artifacts.max_download in plugins.yaml.",
  });
}

/** The error of an artifact whose content is not the one that was named. */
export function mismatch(what: string, expected: string, found: string): DamsonError {
  return new DamsonError("ARTIFACT_MISMATCH", `${what} has the SHA-256 ${found}, and not ${expected}`, {
    status: 422,
    remedy: "Give the SHA-256 of the artifact that is there now, or put the right artifact there.",
    issues: [{ path: "pkg.sha256", message: "is not that of the artifact" }],
  });
}
