import type { Progress } from "@damson/plugin-sdk";

/** How far a `prepare` has come, in words. Whole percent only: every new text is a change of the status. */
export function progressText({ step, done, total }: Progress): string {
  if (done === undefined || !total) return step;
  return `${step} (${Math.min(Math.floor((done / total) * 100), 100)} %)`;
}
