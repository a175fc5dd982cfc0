import { type ExitStatus, unknownExit } from "@damson/plugin-sdk";
import { bootId, isAlive } from "../process/identity.ts";
import { readRecord, recordedExit } from "./record.ts";
import type { RunProcesses } from "./unit.ts";

/** Whether a run goes on; with its exit status when it does not. */
export type RunState =
  | { readonly running: true; readonly shimAlive: boolean }
  | { readonly running: false; readonly status: ExitStatus };

const SHIM_KILLED = "the process that watched it was killed, so nobody saw how it ended";
const MACHINE_RESTARTED = "the machine was restarted";
const RECORD_GONE = "its record is gone";

/** Finds out from the record and the processes whether a run goes on. `processes` are those of the handle. */
export function runState(path: string, processes: RunProcesses | undefined): RunState {
  const record = readRecord(path);
  if (typeof record === "object" && record.state === "exited") return ended(recordedExit(path, record));
  if (!processes) return ended(unknownExit("it never ran"));
  if (processes.bootId !== bootId()) return ended(unknownExit(MACHINE_RESTARTED));
  if (isAlive(processes.shim)) return { running: true, shimAlive: true };
  // The shim may have written its last word between the reading and the looking.
  const last = readRecord(path);
  if (typeof last === "object" && last.state === "exited") return ended(recordedExit(path, last));
  // Without its shim the app goes on; only its exit code is lost.
  if (isAlive(processes.app)) return { running: true, shimAlive: false };
  return ended(unknownExit(typeof last === "object" ? SHIM_KILLED : RECORD_GONE));
}

function ended(status: ExitStatus): RunState {
  return { running: false, status };
}
