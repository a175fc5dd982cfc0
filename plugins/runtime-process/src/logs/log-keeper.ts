import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { errorText, type Logger, type LogStream } from "@damson/plugin-sdk";
import type { Layout } from "../layout.ts";
import { type LogBound, LogFile } from "./log-file.ts";
import { punchFault } from "./punch.ts";

const SWEEP_MS = 2_000;
const FAST_SWEEP_MS = 200;
/** Growth within one look that makes a file one to look at more often. */
const FAST_BYTES = 1_048_576;
const CHUNK = 200;
/** A file that stays as it is gets looked at every second sweep, then every fourth. */
const MOST_QUIET = 2;
const LOG_STREAMS = ["stdout", "stderr"] as const;

/** Keeps the log files within their bounds, and notes when they grew. No output passes through here. */
export class LogKeeper {
  readonly #layout: Layout;
  readonly #log: Logger;
  readonly #files = new Map<string, Record<LogStream, LogFile>>();
  readonly #growing = new Set<LogFile>();
  #timer: NodeJS.Timeout | undefined;
  #fastTimer: NodeJS.Timeout | undefined;
  #sweeps = 0;
  #sweeping = false;
  #fault: Promise<string | undefined> | undefined;

  constructor(layout: Layout, log: Logger) {
    this.#layout = layout;
    this.#log = log;
  }

  /** Watches over the logs of an instance from now on, or changes their bound. */
  keep(instanceId: string, bound: LogBound): void {
    const files = this.files(instanceId, bound);
    for (const stream of LOG_STREAMS) files[stream].bound = bound;
    this.#files.set(instanceId, files);
    this.#timer ??= setInterval(() => void this.#sweep(), SWEEP_MS).unref();
  }

  /** The log files of an instance, watched over or not. */
  files(instanceId: string, bound: LogBound): Record<LogStream, LogFile> {
    const directory = this.#layout.logs(instanceId);
    return (
      this.#files.get(instanceId) ?? {
        stdout: new LogFile(join(directory, "stdout"), bound),
        stderr: new LogFile(join(directory, "stderr"), bound),
      }
    );
  }

  forget(instanceId: string): void {
    for (const file of Object.values(this.#files.get(instanceId) ?? {})) this.#growing.delete(file);
    this.#files.delete(instanceId);
  }

  close(): void {
    clearInterval(this.#timer);
    clearInterval(this.#fastTimer);
    this.#timer = undefined;
    this.#fastTimer = undefined;
    this.#files.clear();
    this.#growing.clear();
  }

  /** Why the bounds cannot be kept here; `undefined` when they can. */
  fault(): Promise<string | undefined> {
    this.#fault ??= punchFault(this.#layout.root);
    return this.#fault;
  }

  async #sweep(): Promise<void> {
    if (this.#sweeping) return;
    this.#sweeping = true;
    this.#sweeps += 1;
    let turn = this.#sweeps;
    let looked = 0;
    for (const files of this.#files.values()) {
      turn += 1;
      for (const stream of LOG_STREAMS) {
        const file = files[stream];
        if (turn % 2 ** Math.min(file.quiet, MOST_QUIET) !== 0) continue;
        this.#look(file);
        looked += 1;
        if (looked % CHUNK === 0) await setImmediate();
      }
    }
    this.#sweeping = false;
  }

  #fastSweep(): void {
    for (const file of this.#growing) this.#look(file);
    if (this.#growing.size > 0) return;
    clearInterval(this.#fastTimer);
    this.#fastTimer = undefined;
  }

  #look(file: LogFile): void {
    try {
      const growth = file.observe(Date.now());
      if (growth >= FAST_BYTES) {
        this.#growing.add(file);
        this.#fastTimer ??= setInterval(() => this.#fastSweep(), FAST_SWEEP_MS).unref();
      } else if (growth === 0) {
        this.#growing.delete(file);
      }
      if (file.isOver) void this.#drop(file);
    } catch (error) {
      this.#log.warn({ file: file.path, error: errorText(error) }, "a log file could not be looked after");
    }
  }

  async #drop(file: LogFile): Promise<void> {
    try {
      if ((await this.fault()) === undefined) await file.drop();
    } catch (error) {
      this.#log.warn({ file: file.path, error: errorText(error) }, "old output could not be dropped");
    }
  }
}
