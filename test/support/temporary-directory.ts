import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A new directory; whoever makes it removes it. */
export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), "damson-e2e-"));
}
