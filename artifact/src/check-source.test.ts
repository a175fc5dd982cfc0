import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { checkSource } from "./index.ts";

it("an archive by path has to be a file that can be read, and one by URL is left for later", async () => {
  await checkSource({ path: fileURLToPath(import.meta.url) });
  await checkSource({ url: "https://example.org/a.zip", sha256: "0".repeat(64) });
  for (const path of ["/does/not/exist.zip", tmpdir()]) {
    await expect(checkSource({ path })).rejects.toMatchObject({
      code: "ARTIFACT_MISSING",
      status: 422,
      issues: [{ path: "pkg.path" }],
    });
  }
});
