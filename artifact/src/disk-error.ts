import { DamsonError, errorText, hasCode } from "@damson/plugin-sdk";

/** Whether a write found no room. */
export function isDiskFull(error: unknown): boolean {
  return hasCode(error, "ENOSPC", "EDQUOT");
}

/** The error of a write that found no room, as `NO_SPACE` (507, retryable) in plain words; any other error as it is. */
export function diskError(error: unknown, directory: string): unknown {
  if (!isDiskFull(error)) return error;
  return new DamsonError("NO_SPACE", `there is no space left on the disk of ${directory}: ${errorText(error)}`, {
    status: 507,
    retryable: true,
    remedy: "Free some space.",
    cause: error,
  });
}
