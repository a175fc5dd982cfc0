import type { Artifact } from "@damson/client";
import { CliError, usageError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";

/**
 * The archive that a user means by its id, its URL, or the name of its app, with the version where there are several.
 *
 * @throws CliError `ARTIFACT_NOT_FOUND` (exit code 3), and one with exit code 2 when it may be one of several.
 */
export function whichArtifact(all: readonly Artifact[], words: string, version: string | undefined): Artifact {
  const named = all.filter(({ artifactId, name, url }) => [artifactId, name, url].includes(words));
  const found = named.filter((artifact) => version === undefined || artifact.version === version);
  const [only, ...others] = found;
  if (!only) {
    const text = version === undefined ? words : `${words} ${version}`;
    throw new CliError("ARTIFACT_NOT_FOUND", `the controller has no archive ${text}`, {
      exitCode: EXIT.notFound,
      remedy: "`damson app list` shows those that there are.",
    });
  }
  if (others.length === 0) return only;
  throw usageError(
    `there are ${found.length} archives of ${words}`,
    `Say which one: ${found.map((artifact) => `${artifact.name} ${artifact.version} (${artifact.artifactId})`).join(", ")}.`,
  );
}
