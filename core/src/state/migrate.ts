import { DamsonError, errorText } from "@damson/plugin-sdk";
import type { Envelope } from "./document-file.ts";

/** Turns data of schema `from`, the key, into data of schema `from + 1`. Must be pure: it may run again after a crash. */
export type Migrations = Readonly<Record<number, (data: unknown) => unknown>>;

/**
 * Brings `envelope` to `schemaVersion`.
 *
 * @throws DamsonError `STATE_TOO_NEW` (500) when a newer Damson wrote it, `STATE_MIGRATION_FAILED` (500) when a step is
 *   missing or throws. Neither says that the document is damaged, so it is left as it is.
 */
export function migrate<T>(
  file: string,
  envelope: Envelope<unknown>,
  schemaVersion: number,
  migrations: Migrations,
): Envelope<T> {
  if (envelope.schema > schemaVersion) {
    throw new DamsonError(
      "STATE_TOO_NEW",
      `${file} has schema ${envelope.schema}, and this Damson knows schemas up to ${schemaVersion}`,
      { remedy: "Start the Damson version that wrote it, or a newer one; going back to an older version loses state." },
    );
  }
  let { data } = envelope;
  for (let from = envelope.schema; from < schemaVersion; from += 1) data = step(file, data, from, migrations[from]);
  // The border between the disk and the program: what the opener's `validate` accepts is a T.
  return { schema: schemaVersion, data: data as T };
}

function step(file: string, data: unknown, from: number, migration: Migrations[number] | undefined): unknown {
  const failed = (reason: string, cause?: unknown) =>
    new DamsonError(
      "STATE_MIGRATION_FAILED",
      `${file} cannot be brought from schema ${from} to ${from + 1}: ${reason}`,
      {
        remedy: "Start the Damson version that wrote it, and report this as a bug of Damson; nothing was changed.",
        cause,
      },
    );
  if (!migration) throw failed("no migration is known");
  try {
    return migration(data);
  } catch (error) {
    throw failed(errorText(error), error);
  }
}
