import type { ExitStatus } from "@damson/plugin-sdk";
import { pidExists } from "../process/identity.ts";
import { runState } from "./run-state.ts";
import type { StatusBoard } from "./status-board.ts";
import type { RunProcesses } from "./unit.ts";
import { waitFor } from "./wait-for.ts";

/** So often a sweep looks at start times too, which finds a pid that was used again, and a zombie. */
const THOROUGH_EVERY = 32;

/** Waits for the end of a run. `undefined` when `signal` aborts first. */
export function waitForExit(
  board: StatusBoard,
  name: string,
  path: string,
  processes: RunProcesses | undefined,
  limits: { signal?: AbortSignal; timeoutMs?: number },
): Promise<ExitStatus | undefined> {
  let watched = processes?.shim.pid ?? 0;
  // Spread over the sweeps, so that no single one is long.
  let sweeps = watched % THOROUGH_EVERY;
  return waitFor(
    board,
    name,
    (reason) => {
      sweeps += 1;
      if (reason === "sweep" && sweeps % THOROUGH_EVERY !== 0 && pidExists(watched)) return undefined;
      const state = runState(path, processes);
      if (!state.running) return state.status;
      if (!state.shimAlive && processes) watched = processes.app.pid;
      return undefined;
    },
    limits,
  );
}
