import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect } from "vitest";
import { isRoot, itNeeds } from "./fixtures/machine.ts";
import { TestRuntime } from "./fixtures/test-runtime.ts";

const NEED = "root, for a tmpfs";

describe("on a full disk", () => {
  let test: TestRuntime;
  let fill: string;
  beforeEach(() => {
    test = new TestRuntime();
    fill = join(test.directory, "fill");
    if (isRoot) execFileSync("mount", ["-t", "tmpfs", "-o", "size=512k", "tmpfs", test.directory]);
    // What the runtime made before is under the tmpfs now; it is made again here.
    test.open();
  });
  afterEach(async () => {
    for (const handle of await test.runtime.list("agent-1")) {
      await test.runtime.stop(handle, { signal: "SIGKILL", graceMs: 0 });
    }
    if (isRoot) execFileSync("umount", [test.directory]);
    await test.dispose();
  });

  const fillDisk = () => expect(() => writeFileSync(fill, Buffer.alloc(2 ** 20))).toThrow(/ENOSPC/);

  itNeeds(
    isRoot,
    NEED,
    "a start is refused in plain words, nothing runs, and it works when there is room again",
    async () => {
      const instance = test.script("echo hello");
      fillDisk();
      await expect(test.run(instance)).rejects.toMatchObject({ code: "NO_SPACE", status: 507, retryable: true });
      expect(await test.runtime.list("agent-1")).toEqual([]);
      rmSync(fill);
      const handle = await test.run(instance);
      expect(await test.exit(handle)).toMatchObject({ code: 0 });
      expect(await test.texts(handle)).toEqual(["hello"]);
    },
  );

  itNeeds(isRoot, NEED, "what runs goes on, is stopped, and its exit is on record", async () => {
    const handle = await test.run(test.script("trap 'exit 6' TERM", "echo ready", "while :; do sleep 0.05; done"));
    await test.printed(handle, "ready");
    fillDisk();
    expect((await test.open().recover(test.script("true"), handle)).state).toBe("adopted");
    expect(await test.runtime.stop(handle, { signal: "SIGTERM", graceMs: 10_000 })).toMatchObject({
      status: { code: 6 },
      survivors: [],
    });
  });
});
