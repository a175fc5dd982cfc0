import { DamsonError, type ExecSession, type Handle, RUNTIME_DEADLINES_MS, type Runtime } from "@damson/plugin-sdk";
import { expect, test } from "vitest";
import { currentPlugin } from "./attribution.ts";
import { guardExec } from "./guard-exec.ts";
import { guardRuntime, type RuntimeDeadlines } from "./index.ts";

const CALL = { pluginId: "plug", name: "plug: runtime odd.exec", ms: 20 };
const { signal } = new AbortController();

/** A session whose every call is `answer`. */
function sessionOf(answer: () => Promise<never>): ExecSession {
  return {
    output: { [Symbol.asyncIterator]: () => ({ next: answer }) },
    write: answer,
    end: () => void answer(),
    resize: answer,
    exitCode: answer,
  };
}

const CALLS: Record<string, (session: ExecSession) => Promise<unknown>> = {
  output: async (session) => session.output[Symbol.asyncIterator]().next(),
  write: (session) => session.write(Buffer.from("x")),
  end: async (session) => session.end(),
  resize: (session) => session.resize({ columns: 80, rows: 24 }),
  exitCode: (session) => session.exitCode(),
};

test.each(Object.entries(CALLS))("what %s of a session throws is attributed", async (_name, call) => {
  const throwing = sessionOf(() => {
    throw new TypeError("torn");
  });
  await expect(call(guardExec(CALL, signal, throwing))).rejects.toMatchObject({
    code: "PLUGIN_CALL_FAILED",
    message: "plug: runtime odd.exec failed: torn",
  });
  const own = new DamsonError("NOT_RUNNING", "it has ended", { status: 409 });
  const refusing = sessionOf(() => {
    throw own;
  });
  await expect(call(guardExec(CALL, signal, refusing))).rejects.toBe(own);
});

test.each(["resize", "exitCode"])("%s of a session has a deadline", async (name) => {
  const hanging = guardExec(
    CALL,
    signal,
    sessionOf(() => new Promise(() => {})),
  );
  await expect(CALLS[name]?.(hanging)).rejects.toMatchObject({ code: "PLUGIN_CALL_TIMEOUT" });
});

test("a write waits for as long as the command does not read", async () => {
  const read = Promise.withResolvers<void>();
  const written: string[] = [];
  const session = guardExec(CALL, signal, {
    ...sessionOf(() => new Promise(() => {})),
    write: async (data) => {
      await read.promise;
      written.push(`${data} as ${currentPlugin()}`);
    },
  });
  const writing = session.write(Buffer.from("x"));
  await expect(session.exitCode()).rejects.toMatchObject({ code: "PLUGIN_CALL_TIMEOUT" });
  read.resolve();
  await writing;
  expect(written).toEqual(["x as plug"]);
});

test("an exec that overruns its deadline is told to end", async () => {
  const told = Promise.withResolvers<void>();
  const runtime = {
    name: "odd",
    exec: (_handle: Handle, _request: object, inner: AbortSignal) => {
      inner.addEventListener("abort", () => told.resolve());
      return new Promise(() => {});
    },
  } as unknown as Runtime;
  const short: RuntimeDeadlines = { ...RUNTIME_DEADLINES_MS, exec: 20 };
  const call = guardRuntime("plug", runtime, short).exec?.({} as Handle, { command: ["true"] }, signal);
  await expect(call).rejects.toMatchObject({ code: "PLUGIN_CALL_TIMEOUT" });
  await told.promise;
});
