import { DamsonError, errorText, isDamsonError } from "@damson/plugin-sdk";

/** The `code` of a system error, e.g. `ENOSPC`. */
export function systemCode(thrown: unknown): string | undefined {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : undefined;
}

/** `STATE_WRITE_FAILED` for what the file system threw: 507 when it is full, else 500. */
export function writeFailed(file: string, cause: unknown): DamsonError {
  if (isDamsonError(cause)) return cause;
  const code = systemCode(cause);
  const full = code === "ENOSPC" || code === "EDQUOT";
  return new DamsonError("STATE_WRITE_FAILED", `Cannot write ${file}: ${errorText(cause)}`, {
    status: full ? 507 : 500,
    remedy: full
      ? "Free space on the file system that holds it, then try again; the change was not made."
      : "Check that its file system is healthy and writable, then try again; the change was not made.",
    cause,
  });
}
