import type { Progress } from "@damson/plugin-sdk";
import { jsonLines } from "../engine/json-lines.ts";

/** What an engine says while it pulls, a line of JSON each. */
interface PullLine {
  readonly id?: string;
  readonly status?: string;
  readonly error?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
}

/**
 * Reads what an engine says while it pulls, to its end, and reports the bytes of all layers together.
 *
 * @throws Error with the engine's own words when the pull failed
 */
export async function pullProgress(
  stream: AsyncIterable<Uint8Array | string>,
  report: (progress: Omit<Progress, "step">) => void,
): Promise<void> {
  const layers = new Map<string, { done: number; total: number }>();
  for await (const line of jsonLines<PullLine>(stream)) {
    if (line.error !== undefined) throw new Error(line.error);
    const { current: done, total } = line.progressDetail ?? {};
    if (line.status !== "Downloading" || line.id === undefined || done === undefined || total === undefined) continue;
    layers.set(line.id, { done, total });
    const all = [...layers.values()];
    report({ done: sum(all.map((layer) => layer.done)), total: sum(all.map((layer) => layer.total)) });
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
