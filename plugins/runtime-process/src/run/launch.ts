import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { DamsonError } from "@damson/plugin-sdk";
import { bootId } from "../process/identity.ts";
import { type RunRecord, readRecord } from "./record.ts";
import { spawner } from "./spawner.ts";
import type { StatusBoard } from "./status-board.ts";
import { waitFor } from "./wait-for.ts";

const SHIM = fileURLToPath(new URL("../../src/shim.sh", import.meta.url));
const START_MS = 20_000;

/** What the shim is told. */
export interface Launch {
  /** File name of the record in the status directory, and its path. */
  readonly name: string;
  readonly record: string;
  readonly command: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stdout: string;
  readonly stderr: string;
  /** `cgroup.procs` files that the app's process writes itself into. */
  readonly joins: readonly string[];
  /** File with an `oom_kill` count. */
  readonly oomFile: string | undefined;
}

/**
 * Starts the shim and waits until the app's own process is on record.
 *
 * @returns the record, `running` or already `exited`; `undefined` when nothing is known after the deadline, or when the
 *   shim died before it started the app: then the caller has to fence the run.
 * @throws DamsonError `START_FAILED`; then nothing of it runs.
 */
export async function launch(board: StatusBoard, launch: Launch): Promise<RunRecord | undefined> {
  const { record: path, joins, oomFile = "-", stdout, stderr, command } = launch;
  const facts = [path, bootId(), String(Date.now()), stdout, stderr, oomFile, String(joins.length), ...joins];
  const shim = spawner.spawn({
    file: "/bin/sh",
    args: [SHIM, ...facts, ...command],
    cwd: launch.cwd,
    environment: launch.environment,
  });

  const started = () => {
    const record = readRecord(path);
    return typeof record === "object" && record.state !== "claimed" ? record : undefined;
  };
  const record = (await waitFor(board, launch.name, started, { timeoutMs: START_MS, signal: shim.ended })) ?? started();
  if (shim.error !== undefined) throw startFailed(shim.error);
  if (record?.state === "failed") {
    rmSync(path, { force: true });
    throw startFailed(
      record.code === 126 && joins.length > 0 ? "its limits could not be set" : "its log files could not be opened",
    );
  }
  if (record?.state === "void") throw startFailed("the run was given up");
  if (record) return record;
  if (!shim.ended.aborted) shim.kill();
  return undefined;
}

/** The error of a start that came to nothing. */
export function startFailed(reason: string): DamsonError {
  return new DamsonError("START_FAILED", `the app could not be started: ${reason}`, {
    status: 503,
    retryable: true,
    remedy: "See whether the disk is full, and the agent's log.",
  });
}
