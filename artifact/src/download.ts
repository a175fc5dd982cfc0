import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { DamsonError, errorText, isDamsonError, type ReportProgress } from "@damson/plugin-sdk";
import { isDiskFull } from "./disk-error.ts";

const TRIES = 5;
const FIRST_DELAY_MS = 500;
const STALL_MS = 60_000;

/** Bounds on a download. */
export interface DownloadBounds {
  /** In bytes. */
  readonly maxBytes: number;
  /** For all tries together. */
  readonly timeoutMs: number;
}

/**
 * Downloads to `path` and checks the SHA-256 on the way. Tries again after network errors and 5xx answers.
 *
 * @throws DamsonError `DOWNLOAD_FAILED` (retryable when another try may help), `DOWNLOAD_TOO_BIG` or
 *   `ARTIFACT_MISMATCH` (422).
 */
export async function download(
  url: string,
  sha256: string,
  path: string,
  bounds: DownloadBounds,
  report: ReportProgress,
  signal: AbortSignal,
): Promise<void> {
  const whole = AbortSignal.any([signal, AbortSignal.timeout(bounds.timeoutMs)]);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryDownload(url, sha256, path, bounds.maxBytes, report, whole);
    } catch (error) {
      signal.throwIfAborted();
      const failure = isDamsonError(error) || isDiskFull(error) ? error : unreachable(url, error);
      const retryable = isDamsonError(failure) && failure.retryable;
      if (!retryable || attempt === TRIES || whole.aborted) throw failure;
      const delay = FIRST_DELAY_MS * 2 ** (attempt - 1) * (0.8 + 0.4 * Math.random());
      await setTimeout(delay, undefined, { signal: whole }).catch(() => {
        throw failure;
      });
    }
  }
}

async function tryDownload(
  url: string,
  sha256: string,
  path: string,
  maxBytes: number,
  report: ReportProgress,
  signal: AbortSignal,
): Promise<void> {
  // A server that accepts and then says nothing must not use up the time of all tries.
  const stalled = new AbortController();
  const alive = globalThis.setTimeout(() => stalled.abort(new Error(`no data for ${STALL_MS / 1_000} s`)), STALL_MS);
  alive.unref();
  const file = await open(path, "w", 0o600);
  try {
    const { target, headers } = requestFor(url);
    const response = await fetch(target, { headers, signal: AbortSignal.any([signal, stalled.signal]) });
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw refused(url, response.status);
    }
    const total = Number(response.headers.get("content-length")) || undefined;
    const hash = createHash("sha256");
    let done = 0;
    for await (const chunk of response.body) {
      alive.refresh();
      done += chunk.length;
      if (done > maxBytes) throw tooBig(url, maxBytes);
      hash.update(chunk);
      await file.write(chunk);
      report({ step: "downloading", done, ...(total === undefined ? {} : { total }) });
    }
    const found = hash.digest("hex");
    if (found !== sha256) throw mismatch(publicUrl(url), sha256, found);
    await file.sync();
  } finally {
    clearTimeout(alive);
    await file.close();
  }
}

/** A user and password in the URL go into a header, which is not passed on to another server. */
function requestFor(url: string): { target: URL; headers: Record<string, string> } {
  const target = new URL(url);
  const { username, password } = target;
  if (username === "" && password === "") return { target, headers: {} };
  target.username = "";
  target.password = "";
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { target, headers: { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` } };
}

/** The URL as it may be shown: user, password and query may be secret. */
function publicUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

function refused(url: string, status: number): DamsonError {
  return new DamsonError("DOWNLOAD_FAILED", `${publicUrl(url)} answers ${status}`, {
    status: 502,
    retryable: status >= 500 || status === 408 || status === 429,
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
