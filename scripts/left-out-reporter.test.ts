import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startVitest } from "vitest/node";
import { LeftOutReporter } from "./left-out-reporter.ts";

async function reportOf(tests: string): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "damson-left-out-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await writeFile(join(root, "some.test.ts"), tests);
  let report = "";
  const reporter = new LeftOutReporter((text) => {
    report += text;
  });
  const settings = { root, config: false as const, globals: true, watch: false, reporters: [reporter] };
  const vitest = await startVitest("test", [], settings);
  await vitest?.close();
  return report;
}

test("tests that were left out are named with their reason", async () => {
  const report = await reportOf(`
    test("runs", () => {});
    describe("nginx", () => test("serves", (context) => context.skip("nginx is not installed")));
    test.skip("by hand (left out: no means)", () => {});
  `);
  expect(report).toBe(
    "\n2 tests were left out:\n" +
      "  some.test.ts > nginx > serves (nginx is not installed)\n" +
      "  some.test.ts > by hand (left out: no means)\n\n",
  );
});

test("nothing is said when nothing was left out", async () => {
  expect(await reportOf(`test("runs", () => {});`)).toBe("");
});
