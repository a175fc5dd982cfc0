import { DamsonError } from "@damson/plugin-sdk";

const SHOWN_USERS = 20;

/** There is no such artifact. */
export function artifactNotFound(id: string): DamsonError {
  return new DamsonError("ARTIFACT_NOT_FOUND", `There is no artifact ${id}`, {
    status: 404,
    remedy: "GET /v1/apps lists them.",
  });
}

/** Deployments still refer to it. */
export function artifactInUse(url: string, users: readonly string[]): DamsonError {
  const shown = users.slice(0, SHOWN_USERS).join(", ");
  const more = users.length > SHOWN_USERS ? ` and ${users.length - SHOWN_USERS} more` : "";
  return new DamsonError("ARTIFACT_IN_USE", `${url} is used by ${shown}${more}`, {
    status: 409,
    issues: users
      .slice(0, SHOWN_USERS)
      .map((name) => ({ path: name, message: "a version of this deployment uses it" })),
    remedy: "Delete these deployments first; a deployment also uses what its kept versions could go back to.",
  });
}

/** Two archives whose hashes begin alike. */
export function artifactExists(url: string): DamsonError {
  return new DamsonError("ARTIFACT_EXISTS", `Another archive has the URL ${url}`, {
    status: 409,
    remedy: "Give the archive another version in its meta.ini.",
  });
}

/** No upload can be taken right now. */
export function uploadsBusy(why: string): DamsonError {
  return new DamsonError("UPLOADS_BUSY", why, {
    status: 503,
    retryable: true,
    remedy: "Try again in a while.",
  });
}

/** An archive that is larger than this controller takes. */
export function uploadTooLarge(maxBytes: number): DamsonError {
  return new DamsonError("UPLOAD_TOO_LARGE", `The archive has more than ${maxBytes} bytes`, {
    status: 413,
    remedy: "Leave out what the app does not need, or raise the controller's bound on uploads.",
  });
}

/** The record is there, and its content is not. */
export function artifactLost(url: string): DamsonError {
  return new DamsonError("ARTIFACT_LOST", `The file of ${url} is missing on the controller`, {
    status: 500,
    remedy: "Upload the archive again.",
  });
}
