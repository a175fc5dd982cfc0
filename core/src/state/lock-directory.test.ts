import { readdir, readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { ChildProgram } from "@damson/plugin-sdk/testing";
import { expect, test, vi } from "vitest";
import { temporaryDirectory } from "./fixtures/temporary-directory.ts";
import { lockDirectory } from "./index.ts";

test("a second process is refused and told who holds the directory, until the first is killed", async () => {
  const directory = await temporaryDirectory();
  const holder = new ChildProgram(new URL("./fixtures/holder.ts", import.meta.url), directory);
  await vi.waitFor(() => expect(holder.lines).toEqual(["locked"]), { timeout: 10_000 });

  const refusal = expect(lockDirectory(directory)).rejects;
  await refusal.toMatchObject({ code: "WORK_DIR_LOCKED", status: 409, remedy: expect.stringContaining("--work-dir") });
  const text = new RegExp(
    `agent "first" \\(pid ${holder.process.pid}, on ${hostname()}, at http://127.0.0.1:8081, since `,
  );
  await expect(lockDirectory(directory)).rejects.toThrow(text);

  await holder.kill();
  const lock = await lockDirectory(directory);
  await lock.release();
});

test("one process cannot take it twice; facts can be completed; release frees it and leaves no facts behind", async () => {
  const directory = await temporaryDirectory();
  const lock = await lockDirectory(directory);
  await lock.describe({ agentId: "node-1", address: "http://127.0.0.1:9000" });
  expect(JSON.parse(await readFile(join(directory, "lock.json"), "utf8"))).toMatchObject({
    pid: process.pid,
    agentId: "node-1",
  });
  await expect(lockDirectory(directory)).rejects.toThrow(/agent "node-1"/);
  await lock.release();
  expect(await readdir(directory)).toEqual(["lock.db"]);
  await (await lockDirectory(directory)).release();
});

test("a holder that has not said who it is does not hide the refusal", async () => {
  const directory = await temporaryDirectory();
  const lock = await lockDirectory(directory);
  await writeFile(join(directory, "lock.json"), "{");
  await expect(lockDirectory(directory)).rejects.toThrow(/is in use by another process$/);
  await lock.release();
});

test("what cannot be a lock is said so", async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, "lock.db"), "not a database ".repeat(100));
  await expect(lockDirectory(directory)).rejects.toMatchObject({ code: "WORK_DIR_UNUSABLE" });
});
