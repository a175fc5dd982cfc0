import { it } from "vitest";

/** One case of a conformance suite, ready to run. */
export interface RegisteredCase {
  readonly name: string;
  /** Why the harness cannot show it; absent when it can. */
  readonly leftOut?: string;
  run(): Promise<void>;
}

/** Registers cases as vitest tests; one that the harness has no means for as skipped, with the reason in its name. */
export function registerCases(cases: readonly RegisteredCase[], timeout: number): void {
  for (const { name, leftOut, run } of cases) {
    if (leftOut === undefined) it(name, { timeout }, run);
    else it.skip(`${name} (left out: ${leftOut})`, run);
  }
}
