import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ApplyRequest } from "@damson/client";
import type { Random } from "../support/random.ts";

/** Exit code of an app that was asked to stop; none takes it by itself. */
export const STOPPED = 42;

const KILLS_ITSELF = 137;

const PROGRAM = fileURLToPath(new URL("counter.sh", import.meta.url));

/** How an app behaves. */
export type Kind = "steady" | "rolling" | "crasher" | "finisher" | "passing";

/** An app of the chaos test. */
export interface ChaosApp {
  readonly name: string;
  readonly kind: Kind;
  /** Where it writes down what it does. */
  readonly truthFile: string;
}

/** Fifty apps of all kinds. */
export function chaosApps(directory: string): ChaosApp[] {
  const counts: Record<Kind, number> = { steady: 18, rolling: 5, crasher: 15, finisher: 9, passing: 3 };
  return Object.entries(counts).flatMap(([kind, count]) =>
    Array.from({ length: count }, (_, index) => {
      const name = `${kind}-${index + 1}`;
      return { name, kind: kind as Kind, truthFile: join(directory, name) };
    }),
  );
}

/** A version of an app, with a random way to end where its kind ends by itself. */
export function specOf({ name, kind, truthFile }: ChaosApp, version: string, random: Random): ApplyRequest {
  const ends = kind === "crasher" || kind === "finisher";
  return {
    app: name,
    version,
    pkg: {
      type: "binary",
      command: ["bash", PROGRAM],
      environment: {
        TRUTH: truthFile,
        COUNT: ends ? String(random.between(0, 12)) : "forever",
        CODE: String(random.of([0, 1, 7, 99, 126, KILLS_ITSELF])),
        PAUSE: ends ? "0.05" : "0.2",
      },
    },
    restart: kind === "finisher" ? "never" : { policy: "always", delay: "0.2s", max_delay: random.of(["0.5s", "5s"]) },
    update: { strategy: kind === "rolling" ? "rolling" : "recreate", min_running: "0.2s" },
  };
}
