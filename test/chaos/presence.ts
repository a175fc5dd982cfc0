import { readFileSync } from "node:fs";
import { describeProcess, type RunProcess } from "../support/proc.ts";
import { readTruth } from "./truth.ts";
import type { User } from "./user.ts";

/**
 * Whether what runs of an app is what was declared, by /proc and by what the app wrote down.
 *
 * @param processes the apps' processes of this owner
 */
export function presenceFault({ app, declared, version }: User, processes: readonly RunProcess[]): string | undefined {
  const own = processes.filter(({ instance }) => instance.replace(/-[0-9a-f]{8}$/, "") === app.name);
  const right = own.filter(({ pid }) => versionOf(pid) === version);
  const told = `${app.name}: ${declared}, version ${version}`;
  if (own.length > 1) return `${told}, but it runs more than once: ${own.map(describeProcess).join("; ")}`;
  if (own.length > right.length) return `${told}, but another version runs: ${own.map(describeProcess).join("; ")}`;
  if (declared !== "running") return own.length === 0 ? undefined : `${told}, but it runs`;
  if (app.kind !== "finisher" && app.kind !== "crasher")
    return own.length === 1 ? undefined : `${told}, but it does not run`;
  // What ends by itself may be between two runs.
  const ran = readTruth(app.truthFile).runs.filter((run) => run.version === version);
  if (ran.length === 0) return `${told}, but this version never ran`;
  return app.kind === "finisher" && own.length > 0 ? `${told}, but it has not ended` : undefined;
}

function versionOf(pid: number): string | undefined {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, "latin1").split("\0");
    return environment.find((entry) => entry.startsWith("DAMSON_VERSION="))?.split("=")[1];
  } catch {
    // It has just ended.
    return undefined;
  }
}
