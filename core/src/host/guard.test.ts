import {
  DamsonError,
  type Handle,
  type Instance,
  RUNTIME_DEADLINES_MS,
  type Runtime,
  unknownExit,
} from "@damson/plugin-sdk";
import { expect, test, vi } from "vitest";
import { currentPlugin } from "./attribution.ts";
import { guardIterable } from "./guard-iterable.ts";
import { guardRuntime, type RuntimeDeadlines } from "./index.ts";

const HANDLE: Handle = { owner: "o", instanceId: "a-1", run: 1, unit: {}, startedAt: "2026-01-01T00:00:00Z", data: {} };
const INSTANCE: Instance = {
  owner: "o",
  nodeId: "n",
  app: "a",
  version: "v1",
  instanceId: "a-1",
  run: 1,
  pkg: { type: "idle" },
  environment: {},
};
const STATUS = unknownExit("nobody looked");

/** A runtime whose every call is `answer`, which stands for a plugin that misbehaves in all of them. */
function misbehaving(answer: () => Promise<never>): Runtime {
  const stream = (): AsyncIterable<never> => ({ [Symbol.asyncIterator]: () => ({ next: answer }) });
  return {
    name: "odd",
    packageSchemas: {},
    capabilities: {
      limits: { cpu: false, memory: false, cpuSet: false },
      ports: false,
      volumes: false,
      user: false,
      stats: false,
      exec: false,
      actions: ["poke"],
    },
    check: answer,
    health: stream,
    admit: answer,
    prepare: answer,
    start: answer,
    recover: answer,
    watch: stream,
    stop: answer,
    remove: answer,
    logs: stream,
    logCursor: answer,
    stats: answer,
    watchStats: stream,
    list: answer,
    exec: answer,
    action: answer,
  };
}

const { signal } = new AbortController();
const CALLS: Record<keyof RuntimeDeadlines, (runtime: Runtime) => Promise<unknown>> = {
  check: (runtime) => runtime.check(),
  admit: (runtime) => runtime.admit(INSTANCE),
  prepare: (runtime) => runtime.prepare(INSTANCE, () => {}, signal),
  start: (runtime) => runtime.start(INSTANCE),
  recover: (runtime) => runtime.recover(INSTANCE, HANDLE),
  stop: (runtime) => runtime.stop(HANDLE, { signal: "SIGTERM", graceMs: 0 }),
  remove: (runtime) => runtime.remove(HANDLE),
  logCursor: (runtime) => runtime.logCursor(HANDLE),
  stats: (runtime) => runtime.stats(HANDLE),
  list: (runtime) => runtime.list("o"),
  exec: async (runtime) => runtime.exec?.(HANDLE, { command: ["true"] }, signal),
  action: async (runtime) => runtime.action?.(HANDLE, "poke", null),
};
const SHORT = Object.fromEntries(Object.keys(RUNTIME_DEADLINES_MS).map((name) => [name, 20])) as RuntimeDeadlines;

test.each(Object.entries(CALLS))("%s has a deadline", async (name, call) => {
  const guarded = guardRuntime(
    "plug",
    misbehaving(() => new Promise(() => {})),
    SHORT,
  );
  await expect(call(guarded)).rejects.toMatchObject({
    code: "PLUGIN_CALL_TIMEOUT",
    status: 504,
    message: `plug: runtime odd.${name} has not answered within 0.02 s`,
  });
});

test.each(Object.entries(CALLS))(
  "what %s throws is attributed, and a DamsonError comes through",
  async (name, call) => {
    const cause = new TypeError("x is undefined");
    const guarded = guardRuntime(
      "plug",
      misbehaving(() => Promise.reject(cause)),
    );
    await expect(call(guarded)).rejects.toMatchObject({
      code: "PLUGIN_CALL_FAILED",
      status: 502,
      message: `plug: runtime odd.${name} failed: x is undefined`,
      cause,
    });
    const own = new DamsonError("COMMAND_NOT_FOUND", "no such command", { status: 422 });
    const throwing = guardRuntime(
      "plug",
      misbehaving(() => {
        throw own;
      }),
    );
    await expect(call(throwing)).rejects.toBe(own);
  },
);

test("calls keep their receiver, and run as the plugin's", async () => {
  class Idle {
    readonly usable = true;
    async check() {
      await Promise.resolve();
      return { usable: this.usable, reason: String(currentPlugin()) };
    }
  }
  const runtime: Runtime = Object.assign(new Idle(), {
    ...misbehaving(() => new Promise(() => {})),
    check: Idle.prototype.check,
  });
  await expect(guardRuntime("plug", runtime).check()).resolves.toEqual({ usable: true, reason: "plug" });
  expect(currentPlugin()).toBeUndefined();
});

test.each(["action", "exec", "health", "watchStats"] as const)(
  "a runtime without %s has none when it is guarded",
  (name) => {
    const { [name]: _, ...runtime } = misbehaving(() => new Promise(() => {}));
    expect(name in guardRuntime("plug", runtime)).toBe(false);
  },
);

test("the grace of a stop comes on top of its deadline", async () => {
  const stopping = Promise.withResolvers<void>();
  const runtime: Runtime = {
    ...misbehaving(() => new Promise(() => {})),
    stop: async () => {
      await stopping.promise;
      return { status: STATUS, survivors: [] };
    },
  };
  vi.useFakeTimers();
  try {
    const stop = guardRuntime("plug", runtime).stop(HANDLE, { signal: "SIGTERM", graceMs: 60_000 });
    await vi.advanceTimersByTimeAsync(RUNTIME_DEADLINES_MS.stop + 59_000);
    stopping.resolve();
    await expect(stop).resolves.toEqual({ status: STATUS, survivors: [] });
  } finally {
    vi.useRealTimers();
  }
});

test("a prepare that overruns is told to end, and its progress is the host's", async () => {
  const ended = Promise.withResolvers<void>();
  const reporters: (string | undefined)[] = [];
  const runtime: Runtime = {
    ...misbehaving(() => new Promise(() => {})),
    prepare: (_instance, report, inner) => {
      report({ step: "downloading" });
      inner.addEventListener("abort", () => ended.resolve());
      return new Promise(() => {});
    },
  };
  const report = () => void reporters.push(currentPlugin());
  const call = guardRuntime("plug", runtime, SHORT).prepare(INSTANCE, report, signal);
  await expect(call).rejects.toMatchObject({ code: "PLUGIN_CALL_TIMEOUT" });
  await ended.promise;
  expect(reporters).toEqual([undefined]);
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function* noItems(): AsyncGenerator<never> {}

test("streams come through in order", async () => {
  async function* lines() {
    yield* [1, 2, 3];
  }
  const call = { pluginId: "plug", name: "plug: odd.logs" };
  expect(await collect(guardIterable(call, signal, lines))).toEqual([1, 2, 3]);
});

test.each([
  ["watch", (runtime: Runtime) => runtime.watch(HANDLE, signal)],
  ["health", (runtime: Runtime) => runtime.health?.(signal) ?? noItems()],
  ["logs", (runtime: Runtime) => runtime.logs(HANDLE, { signal })],
  ["watchStats", (runtime: Runtime) => runtime.watchStats?.(HANDLE, signal) ?? noItems()],
] as const)("what %s throws while it is read is attributed", async (name, open) => {
  const guarded = guardRuntime(
    "plug",
    misbehaving(() => Promise.reject(new Error("torn"))),
  );
  await expect(collect<unknown>(open(guarded))).rejects.toMatchObject({
    code: "PLUGIN_CALL_FAILED",
    message: `plug: runtime odd.${name} failed: torn`,
  });
  const { [name]: _, ...rest } = misbehaving(() => new Promise(() => {}));
  const throwing = {
    ...rest,
    [name]: () => {
      throw new Error("at once");
    },
  } as unknown as Runtime;
  await expect(collect<unknown>(open(guardRuntime("plug", throwing)))).rejects.toMatchObject({
    message: `plug: runtime odd.${name} failed: at once`,
  });
});

test("a stream that ignores its abort is given up", async () => {
  const abort = new AbortController();
  const deaf = (): AsyncIterable<number> => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) });
  const call = { pluginId: "plug", name: "plug: runtime odd.watch" };
  const reading = collect(guardIterable(call, abort.signal, deaf, 20));
  abort.abort();
  await expect(reading).rejects.toMatchObject({
    code: "PLUGIN_CALL_TIMEOUT",
    message: "plug: runtime odd.watch has not answered within 0.02 s",
  });
});

test("a reader that leaves early closes the plugin's stream", async () => {
  let isClosed = false;
  async function* endless() {
    try {
      for (let n = 0; ; n += 1) yield n;
    } finally {
      isClosed = true;
    }
  }
  for await (const n of guardIterable({ pluginId: "plug", name: "x" }, signal, endless)) if (n === 3) break;
  expect(isClosed).toBe(true);
});
