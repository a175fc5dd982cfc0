import { randomInt } from "node:crypto";
import { readdir } from "node:fs/promises";
import { ChildProgram } from "@damson/plugin-sdk/testing";
import { expect, test, vi } from "vitest";
import { temporaryDirectory } from "./fixtures/temporary-directory.ts";
import { openDocuments } from "./index.ts";

const KILLS = 20;
const WRITER = new URL("./fixtures/writer.ts", import.meta.url);

test(`after ${KILLS} kills at random moments every acknowledged change is there and every file is whole`, {
  timeout: 120_000,
}, async () => {
  const directory = await temporaryDirectory();
  const counts = new Map<string, number>();
  const present = new Set<string>();
  const gone = new Set<string>();
  for (let round = 0; round < KILLS; round += 1) {
    const writer = new ChildProgram(WRITER, directory);
    const enough = randomInt(1, 300);
    await vi.waitFor(() => expect(writer.lines.length).toBeGreaterThanOrEqual(enough), {
      timeout: 20_000,
      interval: 1,
    });
    await writer.kill();
    for (const line of writer.lines) {
      const [what, name = "", n] = line.split(" ");
      if (what === "count") counts.set(name, Number(n));
      if (what === "created") present.add(name);
      if (what === "removing") present.delete(name);
      if (what === "removed") gone.add(name);
    }

    const { documents, damaged } = await openDocuments<{ n: number }>({ directory, schemaVersion: 1 });
    expect(damaged).toEqual([]);
    for (const [name, n] of counts) expect(documents.get(name)?.value.n).toBeGreaterThanOrEqual(n);
    for (const name of present) expect(documents.get(name), name).toBeDefined();
    for (const name of gone) expect(documents.get(name), name).toBeUndefined();
    await documents.close();
    expect((await readdir(directory)).filter((file) => !file.endsWith(".json"))).toEqual([]);
  }
  expect(counts.size).toBe(4);
  expect(present.size).toBeGreaterThan(0);
  expect(gone.size).toBeGreaterThan(0);
});
