import { mkdirSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import type { StoreEntry } from "@damson/plugin-sdk";
import { expect, test } from "vitest";
import { processorSeconds } from "../fixtures/processor-time.ts";
import { commit, openStore } from "./fixtures/open-store.ts";
import { temporaryDirectory } from "./fixtures/temporary-directory.ts";
import { objectName } from "./object-name.ts";

const OBJECTS = 20_000;
const AT_ONCE = 100;
// It takes a fraction of that on a quiet machine, but tests run beside others.
const MOST_SECONDS = 8;
const VALUE = { app: "web.api", version: "v1.2.3", desired: "Running", environment: "x".repeat(800) };
const KEYS = Array.from({ length: OBJECTS }, (_, index) => `assignments/web.api-${index}`).sort();

async function loaded(directory: string): Promise<readonly StoreEntry[]> {
  let opened: Awaited<ReturnType<typeof openStore>> | undefined;
  const seconds = await processorSeconds(async () => {
    opened = await openStore({ directory, closeMs: 0 });
  });
  expect(seconds).toBeLessThan(MOST_SECONDS);
  expect(opened?.damaged).toEqual([]);
  return (await opened?.store.list(""))?.entries ?? [];
}

test(`${OBJECTS} objects are loaded in seconds from the journal`, { timeout: 120_000 }, async () => {
  const [directory, crashed] = [await temporaryDirectory(), await temporaryDirectory()];
  const { store } = await openStore({ directory, journalBytes: 64 * 1_048_576, closeMs: 0 });
  for (let start = 0; start < OBJECTS; start += AT_ONCE) {
    await commit(store, ...KEYS.slice(start, start + AT_ONCE).map((put) => ({ put, value: VALUE })));
  }
  await cp(directory, crashed, { recursive: true });
  expect(await loaded(crashed)).toEqual((await store.list("")).entries);
});

test(`${OBJECTS} objects are loaded in seconds from documents`, { timeout: 120_000 }, async () => {
  const directory = await temporaryDirectory();
  mkdirSync(join(directory, "objects"));
  const entries = KEYS.map((key, index) => ({ key, value: VALUE, createRevision: 1, modRevision: 1 + index }));
  // The store would fsync each of them, which is not what is measured here.
  for (const data of entries) {
    writeFileSync(join(directory, "objects", `${objectName(data.key)}.json`), JSON.stringify({ schema: 1, data }));
  }
  expect(await loaded(directory)).toEqual(entries);
});
