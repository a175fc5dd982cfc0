import { setTimeout } from "node:timers/promises";
import { DamsonError } from "@damson/plugin-sdk";
import { bootId, isAlive, signalProcess } from "../process/identity.ts";
import type { Snapshots } from "../process/snapshot.ts";
import { overwriteVoid, type RunRecord, readRecord, voidRecord } from "./record.ts";
import type { StatusBoard } from "./status-board.ts";
import { waitFor } from "./wait-for.ts";

const CLAIM_MS = 5_000;
const KILL_MS = 5_000;
const KILL_WAIT_MS = 20;

/**
 * Settles a run that may or may not have been started: its record if the app was, `undefined` if it was not and, from
 * now on, never will be.
 *
 * @throws DamsonError `RUN_UNSETTLED` (retryable) when a process of it can neither be waited for nor killed.
 */
export async function settle(
  board: StatusBoard,
  snapshots: Snapshots,
  run: { name: string; path: string; marker: string },
): Promise<RunRecord | undefined> {
  const { name, path, marker } = run;
  const found = readRecord(path);
  // No shim was as far as to claim the run: with the claim taken, none will be.
  if (found === "absent" && voidRecord(path, bootId())) return undefined;

  const decided = (reason: "change" | "sweep") => {
    const record = readRecord(path);
    if (typeof record !== "object") return undefined;
    if (record.state !== "claimed") return record;
    // A claim whose shim is dead is never decided by itself.
    return reason === "sweep" && record.shim && !isAlive(record.shim) ? record : undefined;
  };
  const record = await waitFor(board, name, decided, { timeoutMs: CLAIM_MS });
  if (record?.state === "running" || record?.state === "exited") return record;
  if (record?.state === "void" || record?.state === "failed") return undefined;

  await killMarked(snapshots, marker);
  const last = readRecord(path);
  if (typeof last === "object" && (last.state === "running" || last.state === "exited")) return last;
  overwriteVoid(path, bootId());
  return undefined;
}

/** Kills every process of a run that never came to be on record, its shim too. */
async function killMarked(snapshots: Snapshots, marker: string): Promise<void> {
  const end = performance.now() + KILL_MS;
  for (;;) {
    const snapshot = await snapshots.fresh();
    const living = snapshot.withDescendants(snapshot.marked(marker));
    if (living.size === 0) return;
    if (performance.now() > end) {
      throw new DamsonError("RUN_UNSETTLED", `processes of ${marker} cannot be killed`, { retryable: true });
    }
    for (const process of living.values()) signalProcess(process, "SIGKILL");
    await setTimeout(KILL_WAIT_MS);
  }
}
