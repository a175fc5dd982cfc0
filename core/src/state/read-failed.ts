import { DamsonError, errorText, isDamsonError } from "@damson/plugin-sdk";

/** `STATE_READ_FAILED` (500) for what the file system threw. */
export function readFailed(path: string, cause: unknown): DamsonError {
  if (isDamsonError(cause)) return cause;
  return new DamsonError("STATE_READ_FAILED", `Cannot read ${path}: ${errorText(cause)}`, {
    remedy: "Check that this user owns it, and may read and write it.",
    cause,
  });
}
