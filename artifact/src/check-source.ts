import { access, constants, stat } from "node:fs/promises";
import { DamsonError, errorText } from "@damson/plugin-sdk";
import type { ArtifactSource } from "./source.ts";

/**
 * Checks what can be checked before anything is fetched: whether an archive by path is a file that can be read.
 *
 * @throws DamsonError `ARTIFACT_MISSING` (422).
 */
export async function checkSource({ path }: ArtifactSource): Promise<void> {
  if (path === undefined) return;
  try {
    await access(path, constants.R_OK);
    if (!(await stat(path)).isFile()) throw new Error("it is no file");
  } catch (error) {
    throw artifactMissing(path, error);
  }
}

/** The error of an artifact that cannot be read where the spec says. */
export function artifactMissing(path: string, cause: unknown): DamsonError {
  return new DamsonError("ARTIFACT_MISSING", `the artifact ${path} cannot be read: ${errorText(cause)}`, {
    status: 422,
    cause,
    remedy: "Give the absolute path of an archive that the agent may read.",
    issues: [{ path: "pkg.path", message: `"${path}" cannot be read` }],
  });
}
