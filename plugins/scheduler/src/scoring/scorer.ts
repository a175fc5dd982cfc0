import type { Candidate } from "./candidate.ts";

/** One thing that makes a node better or worse than others. */
export interface Scorer {
  /** As in `Choice.parts`. */
  readonly name: string;
  /** Higher is better. */
  score(candidate: Candidate): number;
}
