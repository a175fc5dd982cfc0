import { expect } from "vitest";
import { type DamsonError, isDamsonError } from "../error.ts";
import type { Json } from "../json.ts";
import type { ExecRequest, ExecSession } from "../runtime/exec.ts";
import type { ExitStatus } from "../runtime/exit-status.ts";
import type { Handle, UnitId } from "../runtime/handle.ts";
import type { RuntimeHealth } from "../runtime/health.ts";
import type { Instance } from "../runtime/instance.ts";
import type { LogLine, LogQuery, LogStream } from "../runtime/logs.ts";
import type { Recovered } from "../runtime/recovered.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { StopOptions, StopResult } from "../runtime/stop.ts";
import type { ResourceUsage } from "../runtime/usage.ts";
import { watchUsage } from "../runtime/watch-usage.ts";
import { take, within } from "./waiting.ts";

/** What a command came to. */
interface ExecOutcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly bytes: Readonly<Record<LogStream, Buffer>>;
  readonly code: number | null;
}

/** A handle as it comes back from the agent's disk. */
function stored<T extends Handle>(handle: T): T {
  return JSON.parse(JSON.stringify(handle));
}

/**
 * Plays one life of an agent towards a runtime: gives every call a deadline, stores handles as JSON, and checks what must
 * hold for every answer.
 */
export class TestAgent {
  readonly runtime: Runtime;
  readonly #deadlineMs: number;
  readonly #signal: AbortSignal;

  constructor(runtime: Runtime, deadlineMs: number, signal: AbortSignal) {
    this.runtime = runtime;
    this.#deadlineMs = deadlineMs;
    this.#signal = signal;
  }

  check(): Promise<RuntimeHealth> {
    return this.#within("check", this.runtime.check());
  }

  admit(instance: Instance): Promise<void> {
    return this.#within("admit", this.runtime.admit(instance));
  }

  prepare(instance: Instance, signal: AbortSignal = this.#signal): Promise<void> {
    return this.#within(
      "prepare",
      this.runtime.prepare(instance, () => {}, signal),
    );
  }

  async start(instance: Instance): Promise<Handle> {
    return stored(await this.#within("start", this.runtime.start(instance)));
  }

  /** All that an agent does to run an instance. */
  async run(instance: Instance): Promise<Handle> {
    await this.admit(instance);
    await this.prepare(instance);
    return this.start(instance);
  }

  /** Runs an instance whose program prints `ready`, until it has done so. */
  async runReady(instance: Instance): Promise<Handle> {
    const handle = await this.run(instance);
    await this.linesUntil(handle, "ready");
    return handle;
  }

  async recover(instance: Instance, handle?: Handle): Promise<Recovered> {
    const recovered = await this.#within("recover", this.runtime.recover(instance, handle));
    return recovered.state === "gone" ? recovered : { ...recovered, handle: stored(recovered.handle) };
  }

  /** Recovers a run that has to be alive. */
  async adopt(instance: Instance, handle?: Handle): Promise<Handle> {
    const recovered = await this.recover(instance, handle);
    expect(recovered).toMatchObject({ state: "adopted", handle: { owner: instance.owner, run: instance.run } });
    if (recovered.state !== "adopted") throw new Error(`recover said ${recovered.state} of a unit that runs`);
    return recovered.handle;
  }

  /** Watches the run until its end: the watch has to end with one `exited`, after nothing but `health`. */
  async exit(handle: Handle): Promise<ExitStatus> {
    const events = await take(this.#deadlineMs, "watch", this.runtime.watch(handle, this.#signal));
    const last = events.at(-1);
    expect(events.map((event) => event.type).filter((type) => type !== "health")).toEqual(["exited"]);
    if (last?.type !== "exited") throw new Error("the last event of a watch is not `exited`");
    return last.status;
  }

  async stop(handle: Handle, options: StopOptions): Promise<StopResult> {
    return this.#within("stop", this.runtime.stop(handle, options), options.graceMs);
  }

  /** By its name alone: that is all that is left of an instance which never ran. */
  remove({ owner, instanceId }: UnitId): Promise<void> {
    return this.#within("remove", this.runtime.remove({ owner, instanceId }));
  }

  logs(handle: Handle, query: Partial<LogQuery> = {}): AsyncIterable<LogLine> {
    return this.runtime.logs(handle, { signal: this.#signal, ...query });
  }

  /** Reads to the end of the logs: to the present one, or with `follow` to the end of the run. */
  lines(handle: Handle, query: Partial<LogQuery> = {}): Promise<LogLine[]> {
    return take(this.#deadlineMs, "logs", this.logs(handle, query));
  }

  /** Follows the logs until a line is `text`, and resolves with all lines up to it. */
  async linesUntil(handle: Handle, text: string, query: Partial<LogQuery> = {}): Promise<LogLine[]> {
    const source = this.logs(handle, { ...query, follow: true });
    const lines = await take(this.#deadlineMs, `line "${text}"`, source, (line) => line.text === text);
    expect(lines.at(-1)?.text, "the unit ended before it printed the line").toBe(text);
    return lines;
  }

  logCursor(handle: Handle): Promise<string> {
    return this.#within("logCursor", this.runtime.logCursor(handle));
  }

  stats(handle: Handle): Promise<ResourceUsage> {
    return this.#within("stats", this.runtime.stats(handle));
  }

  watchUsage(handle: Handle, signal: AbortSignal = this.#signal): AsyncIterable<ResourceUsage> {
    return watchUsage(this.runtime, handle, signal);
  }

  async list(owner: string): Promise<Handle[]> {
    return (await this.#within("list", this.runtime.list(owner))).map(stored);
  }

  async action(handle: Handle, name: string, input: Json): Promise<Json> {
    const { runtime } = this;
    if (runtime.action === undefined) throw new Error("the runtime declares actions, but has no `action`");
    return this.#within("action", runtime.action(handle, name, input));
  }

  async exec(handle: Handle, request: ExecRequest, signal: AbortSignal = this.#signal): Promise<ExecSession> {
    const { runtime } = this;
    if (runtime.exec === undefined) throw new Error("the runtime declares exec, but has no `exec`");
    return this.#within("exec", runtime.exec(handle, request, signal));
  }

  /** Reads all that the command writes. */
  async outcome(session: ExecSession): Promise<ExecOutcome> {
    const chunks = await take(this.#deadlineMs, "output of exec", session.output);
    const code = await this.#within("exitCode", session.exitCode());
    const of = (name: LogStream) =>
      Buffer.concat(chunks.flatMap(({ stream, data }) => (stream === name ? [data] : [])));
    const bytes = { stdout: of("stdout"), stderr: of("stderr") };
    return { stdout: bytes.stdout.toString(), stderr: bytes.stderr.toString(), bytes, code };
  }

  /** Runs a command that reads nothing to its end. */
  async execToEnd(handle: Handle, request: ExecRequest): Promise<Omit<ExecOutcome, "bytes">> {
    const { bytes: _, ...outcome } = await this.outcome(await this.exec(handle, request));
    return outcome;
  }

  #within<T>(call: string, work: Promise<T>, extraMs = 0): Promise<T> {
    return within(this.#deadlineMs + extraMs, call, work);
  }
}

/** The `DamsonError` with which `work` has to be refused. */
export async function refusal(work: Promise<unknown>): Promise<DamsonError> {
  const outcome = await work.then(
    (value) => ({ value }),
    (thrown: unknown) => ({ thrown }),
  );
  if (!("thrown" in outcome)) throw new Error("it was accepted");
  if (!isDamsonError(outcome.thrown)) throw new Error("it was refused by no DamsonError", { cause: outcome.thrown });
  expect(outcome.thrown.code).toMatch(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/);
  expect(outcome.thrown.message).not.toBe("");
  return outcome.thrown;
}

/** The same, when it is the user who has to change something: status 400 to 499. */
export async function refusalOfInput(work: Promise<unknown>): Promise<DamsonError> {
  const error = await refusal(work);
  expect(error.status, `status of ${error.code}`).toSatisfy((status: number) => status >= 400 && status < 500);
  return error;
}
