import { cp } from "node:fs/promises";
import { ChildProgram } from "@damson/plugin-sdk/testing";
import { expect, test, vi } from "vitest";
import { randomNumbers } from "./fixtures/random-numbers.ts";
import { temporaryDirectory } from "./fixtures/temporary-directory.ts";
import { openEmbeddedStore } from "./index.ts";

const LIVES = 12;
const COMMITTER = new URL("./fixtures/committer.ts", import.meta.url);

test(`after each of ${LIVES} kills at random moments all that was acknowledged is there, and no commit is half done`, {
  timeout: 120_000,
}, async ({ annotate }) => {
  const seed = Number(process.env.DAMSON_TEST_SEED ?? Date.now() % 1_000_000);
  await annotate(`DAMSON_TEST_SEED=${seed}`);
  const random = randomNumbers(seed);
  const directory = await temporaryDirectory();
  const counts = new Map<string, number>();
  const present = new Set<string>();
  const gone = new Set<string>();
  let revision = 0;
  for (let life = 0; life < LIVES; life += 1) {
    const committer = new ChildProgram(COMMITTER, directory, String(life));
    const enough = random(1, 600);
    await vi.waitFor(() => expect(committer.lines.length).toBeGreaterThanOrEqual(enough), {
      timeout: 20_000,
      interval: 1,
    });
    await committer.kill();
    for (const line of committer.lines) {
      const [what, name = "", ...numbers] = line.split(" ");
      if (what === "count") counts.set(name, Number(numbers[0]));
      if (what === "created") present.add(name);
      if (what === "deleting") present.delete(name);
      if (what === "deleted") gone.add(name);
      if (what === "deleting") continue;
      const told = Number(numbers.at(-1));
      expect(told, `seed ${seed}: ${line}`).toBeGreaterThan(revision);
      revision = told;
    }

    // Every other life begins with what the one before left as it fell.
    const looked = life % 2 === 0 ? directory : await temporaryDirectory();
    if (looked !== directory) await cp(directory, looked, { recursive: true });
    const { store, damaged, close } = await openEmbeddedStore({ directory: looked });
    const { entries, revision: found } = await store.list("");
    const byKey = new Map(entries.map((entry) => [entry.key, entry]));
    expect(damaged, `seed ${seed}`).toEqual([]);
    expect(found, `seed ${seed}`).toBeGreaterThanOrEqual(revision);
    for (const [name, n] of counts) {
      const [a, b] = ["a", "b"].map((half) => byKey.get(`pairs/${name}/${half}`));
      expect(Object(a?.value).n, `seed ${seed}: ${name}`).toBeGreaterThanOrEqual(n);
      expect({ ...b, key: "" }, `seed ${seed}: ${name}`).toEqual({ ...a, key: "" });
    }
    for (const key of present) expect(byKey.has(key), `seed ${seed}: ${key}`).toBe(true);
    for (const key of gone) expect(byKey.has(key), `seed ${seed}: ${key}`).toBe(false);
    revision = found;
    await close();
  }
  expect(counts.size).toBe(4);
  expect(gone.size).toBeGreaterThan(0);
});
