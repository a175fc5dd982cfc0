import { closeSync, openSync, readSync, statSync, writeFileSync, writeSync } from "node:fs";
import { type ExitStatus, exitStatusOf, unknownExit } from "@damson/plugin-sdk";
import type { Identity } from "../process/identity.ts";

const SIZE = 128;
const LAST_WORD = 9;
const STATES = ["claimed", "running", "exited", "failed", "void"] as const;

/**
 * What is on disk of a run, in `status/<instance>.<run>`. The shim writes it, see shim.sh.
 *
 * - `claimed`: the shim lives and is about to start the app.
 * - `running`: the app runs; after the death of the shim it stays so for ever, and only the processes tell more.
 * - `exited`: the app ended, the code is true.
 * - `failed`: the shim could not start the app.
 * - `void`: the agent has decided that this run never starts.
 */
export interface RunRecord {
  readonly state: (typeof STATES)[number];
  /** As the shell gives it: 128 + n for signal n. */
  readonly code: number | undefined;
  readonly oom: boolean;
  readonly shim: Identity | undefined;
  readonly app: Identity | undefined;
  readonly bootId: string;
  readonly startedAt: Date;
}

/** Reads 128 bytes; `undefined` when they are no record, or one that is just being written. */
export function parseRecord(bytes: Buffer): RunRecord | undefined {
  if (bytes.length !== SIZE || bytes[SIZE - 1] !== 10) return undefined;
  const words = bytes
    .toString("latin1", 0, SIZE - 1 - LAST_WORD)
    .trim()
    .split(" ");
  const [word, code, oom, shimPid, shimStart, appPid, appStart, bootId, startedMs] = words;
  const state = STATES.find((known) => known === word);
  if (!state || words.length !== 9 || bytes.toString("latin1", SIZE - 1 - LAST_WORD).trim() !== state) return undefined;
  return {
    state,
    code: code === "-" ? undefined : Number(code),
    oom: Number(oom) > 0,
    shim: identity(shimPid, shimStart),
    app: identity(appPid, appStart),
    bootId: bootId ?? "",
    startedAt: new Date(Number(startedMs)),
  };
}

function identity(pid: string | undefined, start: string | undefined): Identity | undefined {
  return pid === "-" ? undefined : { pid: Number(pid), start: Number(start) };
}

/** A run's record; `absent` when there is none, `torn` when it is being written or was never written in full. */
export function readRecord(path: string): RunRecord | "absent" | "torn" {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return "absent";
  }
  try {
    const bytes = Buffer.alloc(SIZE + 1);
    const length = readSync(file, bytes, 0, SIZE + 1, 0);
    return parseRecord(bytes.subarray(0, length)) ?? "torn";
  } finally {
    closeSync(file);
  }
}

/** Whether the app was started, and so has processes to its name. */
export function isStarted(record: RunRecord | string): record is RunRecord {
  return typeof record === "object" && (record.state === "running" || record.state === "exited");
}

/** Takes the run's claim, so that no shim can start it any more. `false` when a shim, or an earlier call, was first. */
export function voidRecord(path: string, bootId: string): boolean {
  try {
    writeFileSync(path, voidText(bootId), { flag: "wx", mode: 0o600, flush: true });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** Turns a claim into `void`, once nothing of the run lives. */
export function overwriteVoid(path: string, bootId: string): void {
  const file = openSync(path, "r+");
  try {
    writeSync(file, voidText(bootId), 0);
  } finally {
    closeSync(file);
  }
}

function voidText(bootId: string): string {
  const words = `void - - - - - - ${bootId} ${Date.now()}`;
  return `${words.padEnd(SIZE - 1 - LAST_WORD)}${"void".padStart(LAST_WORD)}\n`;
}

/** The exit status in an `exited` record; its file was last written when the app ended. */
export function recordedExit(path: string, record: RunRecord): ExitStatus {
  const endedAt = statSync(path).mtime.toISOString();
  const { code, oom } = record;
  if (code === undefined) return { ...unknownExit("its record has no code"), endedAt };
  return exitStatusOf(code, { oom: oom && code !== 0, endedAt });
}
