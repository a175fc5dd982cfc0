import { RUNTIME_DEADLINES_MS, type Runtime } from "@damson/plugin-sdk";
import { asHost } from "./attribution.ts";
import { guardCall } from "./guard-call.ts";
import { guardExec } from "./guard-exec.ts";
import { guardIterable } from "./guard-iterable.ts";

/** Milliseconds for each call of a runtime. */
export type RuntimeDeadlines = Readonly<Record<keyof typeof RUNTIME_DEADLINES_MS, number>>;

/**
 * A runtime whose every call has a deadline and is attributed to its plugin.
 *
 * Each call throws `PLUGIN_CALL_TIMEOUT` (504, retryable) when it overruns its deadline; it is then abandoned. What the
 * plugin throws comes through when it is a DamsonError, else as the cause of a `PLUGIN_CALL_FAILED` (502).
 */
export function guardRuntime(
  pluginId: string,
  runtime: Runtime,
  deadlines: RuntimeDeadlines = RUNTIME_DEADLINES_MS,
): Runtime {
  const subject = `${pluginId}: runtime ${runtime.name}`;
  const call = <T>(method: keyof RuntimeDeadlines, work: () => Promise<T>, extraMs = 0): Promise<T> =>
    guardCall({ pluginId, name: `${subject}.${method}`, ms: deadlines[method] + extraMs }, work);
  const { action, exec, health, watchStats } = runtime;
  /** Tells a call that overran to end: what it has begun would go on else, as an abandoned download. */
  const abortable = async <T>(
    method: keyof RuntimeDeadlines,
    signal: AbortSignal,
    work: (both: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    const overrun = new AbortController();
    const both = AbortSignal.any([signal, overrun.signal]);
    try {
      return await call(method, () => work(both));
    } catch (error) {
      overrun.abort(error);
      throw error;
    }
  };

  return {
    name: runtime.name,
    packageSchemas: runtime.packageSchemas,
    capabilities: runtime.capabilities,
    check: () => call("check", () => runtime.check()),
    ...(health && {
      health: (signal) =>
        guardIterable({ pluginId, name: `${subject}.health` }, signal, () => health.call(runtime, signal)),
    }),
    admit: (instance) => call("admit", () => runtime.admit(instance)),
    prepare: (instance, report, signal) =>
      abortable("prepare", signal, (both) =>
        runtime.prepare(instance, (progress) => asHost(() => report(progress)), both),
      ),
    start: (instance) => call("start", () => runtime.start(instance)),
    recover: (instance, handle) => call("recover", () => runtime.recover(instance, handle)),
    watch: (handle, signal) =>
      guardIterable({ pluginId, name: `${subject}.watch` }, signal, () => runtime.watch(handle, signal)),
    stop: (handle, options) => call("stop", () => runtime.stop(handle, options), options.graceMs),
    remove: (handle) => call("remove", () => runtime.remove(handle)),
    logs: (handle, query) =>
      guardIterable({ pluginId, name: `${subject}.logs` }, query.signal, () => runtime.logs(handle, query)),
    logCursor: (handle) => call("logCursor", () => runtime.logCursor(handle)),
    stats: (handle) => call("stats", () => runtime.stats(handle)),
    ...(watchStats && {
      watchStats: (handle, signal) =>
        guardIterable({ pluginId, name: `${subject}.watchStats` }, signal, () =>
          watchStats.call(runtime, handle, signal),
        ),
    }),
    list: (owner) => call("list", () => runtime.list(owner)),
    ...(exec && {
      exec: async (handle, request, signal) => {
        const session = await abortable("exec", signal, (both) => exec.call(runtime, handle, request, both));
        return guardExec({ pluginId, name: `${subject}.exec`, ms: deadlines.exec }, signal, session);
      },
    }),
    ...(action && {
      action: (handle, name, input) => call("action", () => action.call(runtime, handle, name, input)),
    }),
  };
}
