import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../../state/fixtures/temporary-directory.ts";
import { LinkLedger } from "./link-record.ts";

const NOW = new Date("2026-01-01T00:00:00Z");
const LATER = new Date("2026-01-02T00:00:00Z");

async function open(file: string, now: Date) {
  const damages: string[] = [];
  const ledger = await LinkLedger.open(file, now, (reason) => damages.push(reason));
  return { ledger, damages };
}

test("numbers rise over a crash, a clock that is set back, a file that is lost, and one of a backup", async () => {
  const file = join(await temporaryDirectory(), "controller.json");
  // Not closed: a crash does not do that either.
  const { ledger: first } = await open(file, LATER);
  const a = await first.takeSeqs(3);
  const b = await first.takeSeqs(1);
  expect(b).toBe(a + 3);
  const backup = await readFile(file, "utf8");
  const { ledger: second } = await open(file, NOW);
  const c = await second.takeSeqs(1);
  expect(c).toBeGreaterThan(b);
  await writeFile(file, backup.slice(0, 20));
  const { ledger: third, damages } = await open(file, new Date(LATER.getTime() + 60_000));
  expect(damages).toHaveLength(1);
  expect(await third.takeSeqs(1)).toBeGreaterThan(c);
  await Promise.all([first, second, third].map((ledger) => ledger.close()));
});

test("what a list has changed is kept, and the same again is not written", async () => {
  const file = join(await temporaryDirectory(), "controller.json");
  const { ledger } = await open(file, NOW);
  await ledger.takeOn({ controllerId: "s1", nodeId: "n", revision: 4 });
  const before = ledger.value;
  await ledger.takeOn({ controllerId: "s1", nodeId: "n", revision: 4 });
  expect(ledger.value).toBe(before);
  await ledger.close();
  const { ledger: next } = await open(file, NOW);
  expect(next.value).toMatchObject({ controllerId: "s1", nodeId: "n", revision: 4 });
  await next.close();
});
