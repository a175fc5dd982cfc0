import type { StoreHarness } from "./store-harness.ts";
import type { StoreScene } from "./store-scene.ts";

/** One thing that the contract of stores says, and how it is shown. */
export interface StoreCaseDefinition {
  /** A sentence of the contract. */
  readonly name: string;
  /** Whether it takes a crash. @default false */
  readonly crashes?: boolean;
  run(scene: StoreScene): Promise<void>;
}

/** One case of the suite, ready to run against one store. */
export interface StoreCase {
  /** What it is about, e.g. `watch`. */
  readonly theme: string;
  /** A sentence of the contract. */
  readonly name: string;
  /** Why the harness cannot show it; absent when it can. */
  readonly leftOut?: string;
  /** Rejects when the store does not keep to the contract. Cases share nothing, and may run in any order. */
  run(): Promise<void>;
}

/** Why this harness cannot show a case, or `undefined` when it can. */
export function reasonLeftOut({ crashes = false }: StoreCaseDefinition, harness: StoreHarness): string | undefined {
  return crashes && !harness.crashes ? "the store cannot be crashed" : undefined;
}
