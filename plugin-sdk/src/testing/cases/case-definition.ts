import type { RuntimeHarness } from "../harness.ts";
import type { Scene } from "../scene.ts";

/** One thing that the contract says, and how it is shown. */
export interface CaseDefinition {
  /** A sentence of the contract. */
  readonly name: string;
  /** Why this harness cannot show it, or `undefined` when it can. */
  leftOut?(harness: RuntimeHarness): string | undefined;
  run(scene: Scene): Promise<void>;
}

/** `reason` where `possible` is false. */
export function unless(possible: boolean, reason: string): string | undefined {
  return possible ? undefined : reason;
}
