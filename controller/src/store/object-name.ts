import { createHash } from "node:crypto";

const READABLE_LENGTH = 47;
const HASH_LENGTH = 32;

/**
 * Name of the document of an object: what people recognize of its key, and a hash that tells apart keys which look alike,
 * are long, or differ in case only. At most 80 characters, all of them fit for a document's name.
 */
export function objectName(key: string): string {
  const readable = key
    .toLowerCase()
    .replaceAll("/", "--")
    .replaceAll(/[^a-z0-9._-]/g, "_")
    .replace(/^[^a-z0-9]/, "0")
    .slice(0, READABLE_LENGTH);
  return `${readable}.${createHash("sha256").update(key).digest("hex").slice(0, HASH_LENGTH)}`;
}
