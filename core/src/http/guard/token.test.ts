import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Logger } from "@damson/plugin-sdk";
import { expect, onTestFinished, test, vi } from "vitest";
import { readTokenFile } from "../index.ts";

async function tokenFile(content: string, mode: number): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "damson-token-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const file = join(directory, "token");
  await writeFile(file, content);
  await chmod(file, mode);
  return file;
}

function logger() {
  const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  return log satisfies Logger;
}

test("a token is read without the blanks around it", async () => {
  const log = logger();
  expect(await readTokenFile(await tokenFile("  0123456789abcdef\n", 0o600), log)).toBe("0123456789abcdef");
  expect(log.warn).not.toHaveBeenCalled();
});

test.each([0o644, 0o640, 0o604])("a file of mode %o is warned of, without its content", async (mode) => {
  const log = logger();
  await readTokenFile(await tokenFile("0123456789abcdef", mode), log);
  expect(log.warn).toHaveBeenCalledWith(expect.anything(), expect.stringContaining("chmod 600"));
  expect(JSON.stringify(log.warn.mock.calls)).not.toContain("0123456789abcdef");
});

test.each(["", "too-short", "two words of enough length", "ümläut-0123456789", "two\nlines-0123456789"])(
  "%j is not a usable token",
  async (content) => {
    const reading = readTokenFile(await tokenFile(content, 0o600), logger());
    await expect(reading).rejects.toMatchObject({
      code: "TOKEN_INVALID",
      message: expect.not.stringContaining("0123"),
    });
  },
);

test("a file that is not there is said so", async () => {
  const reading = readTokenFile("/nowhere/token", logger());
  await expect(reading).rejects.toMatchObject({
    code: "TOKEN_FILE_UNREADABLE",
    message: expect.stringContaining("/nowhere/token"),
  });
});
