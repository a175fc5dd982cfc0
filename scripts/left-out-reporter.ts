import type { Reporter, TestCase, TestModule } from "vitest/node";

/** Names, at the end of a run, every test that was left out, and why: what was not shown must not look as if it was. */
export class LeftOutReporter implements Reporter {
  readonly #write: (text: string) => void;

  constructor(write: (text: string) => void = (text) => process.stdout.write(text)) {
    this.#write = write;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const leftOut = modules.flatMap((module) =>
      [...module.children.allTests("skipped")].map((test) => line(module, test)),
    );
    if (leftOut.length === 0) return;
    const tests = leftOut.length === 1 ? "1 test was" : `${leftOut.length} tests were`;
    this.#write(`\n${tests} left out:\n${leftOut.join("")}\n`);
  }
}

/** The reason is the note of `context.skip(note)`, where the name does not hold it already. */
function line({ relativeModuleId }: TestModule, test: TestCase): string {
  const result = test.result();
  const note = result.state === "skipped" && result.note ? ` (${result.note})` : "";
  return `  ${relativeModuleId} > ${test.fullName}${note}\n`;
}
