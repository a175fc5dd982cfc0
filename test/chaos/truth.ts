import { readFileSync } from "node:fs";

/** A run as the app itself wrote it down. */
export interface TrueRun {
  readonly instance: string;
  readonly run: number;
  readonly pid: number;
  readonly version: string;
  /** How it ended; `undefined` while nothing was written of an end. */
  end: TrueEnd | undefined;
}

/** What an app wrote down right before its end. */
export interface TrueEnd {
  /** Exit code that it was about to end with; 137 when it was about to kill itself. */
  readonly code: number;
  /** Lines written to each stream. */
  readonly stdout: number;
  readonly stderr: number;
}

/** All that one app wrote down of its runs, in the order in which it happened. */
export interface Truth {
  readonly runs: readonly TrueRun[];
  /** What cannot be: a run twice, or one that began before the one before it had ended. */
  readonly faults: readonly string[];
  readonly text: string;
}

/** Reads what an app wrote down; see `app.ts` for how it writes. */
export function readTruth(file: string): Truth {
  const text = read(file);
  const runs = new Map<string, TrueRun>();
  const faults: string[] = [];
  const alive = new Set<string>();
  for (const line of text.split("\n").slice(0, -1)) {
    const [word, instance = "", run = "", ...rest] = line.split(" ");
    const key = `${instance} ${run}`;
    if (word === "start") {
      const [pid = "", version = ""] = rest;
      if (runs.has(key)) faults.push(`started twice: ${line}`);
      const overlapping = [...alive].filter((other) => other.startsWith(`${instance} `));
      if (overlapping.length > 0) faults.push(`"${line}" while ${overlapping} had not ended`);
      runs.set(key, { instance, run: Number(run), pid: Number(pid), version, end: undefined });
      alive.add(key);
    } else {
      const [code, stdout, stderr] = rest.map(Number);
      const begun = runs.get(key);
      if (!begun) faults.push(`ended without a start: ${line}`);
      // A request to stop may come when the end is already written: the last word counts.
      else begun.end = { code: code ?? Number.NaN, stdout: stdout ?? Number.NaN, stderr: stderr ?? Number.NaN };
      alive.delete(key);
    }
  }
  return { runs: [...runs.values()], faults, text };
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // The app has not run yet.
    return "";
  }
}
