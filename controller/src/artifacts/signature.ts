import { createHmac, timingSafeEqual } from "node:crypto";

/** What an agent's runtime, which knows no token, shows for the right to fetch one artifact. */
export function artifactSignature(key: string, file: string): string {
  return createHmac("sha256", key).update(file).digest("hex");
}

/** Whether `signature` is that of this file. */
export function isArtifactSignature(key: string, file: string, signature: string): boolean {
  const right = Buffer.from(artifactSignature(key, file));
  const given = Buffer.from(signature);
  return given.length === right.length && timingSafeEqual(given, right);
}
