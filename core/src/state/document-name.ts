import { DamsonError } from "@damson/plugin-sdk";

const NAME = /^[a-z0-9][a-z0-9._-]{0,79}$/;

/** Whether `name` can name a document. It becomes a file name, so it never holds a separator nor begins with a dot. */
export function isDocumentName(name: string): boolean {
  return NAME.test(name);
}

/**
 * Refuses what cannot name a document, before it reaches a path.
 *
 * @throws DamsonError `DOCUMENT_NAME_INVALID` (400).
 */
export function checkDocumentName(name: string): void {
  if (isDocumentName(name)) return;
  throw new DamsonError("DOCUMENT_NAME_INVALID", `${JSON.stringify(name)} cannot name a document`, {
    status: 400,
    remedy: "Use 1 to 80 lower-case letters, digits, '.', '_' and '-', and begin with a letter or a digit.",
  });
}
