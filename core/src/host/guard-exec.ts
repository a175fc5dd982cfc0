import type { ExecSession } from "@damson/plugin-sdk";
import { asPlugin } from "./attribution.ts";
import { attributed, type GuardedCall, guardCall } from "./guard-call.ts";
import { guardIterable } from "./guard-iterable.ts";

/**
 * A session of a plugin whose output has to end after the abort of `signal`, and whose calls are attributed.
 *
 * `resize` and `exitCode` have `ms` to answer, so ask for the exit code when the output has ended. A `write` may take as
 * long as the command takes to read.
 */
export function guardExec(call: GuardedCall & { ms: number }, signal: AbortSignal, session: ExecSession): ExecSession {
  const within = <T>(work: () => Promise<T>): Promise<T> => guardCall(call, work);
  return {
    output: guardIterable(call, signal, () => session.output),
    async write(data) {
      try {
        await asPlugin(call.pluginId, async () => session.write(data));
      } catch (error) {
        throw attributed(call, error);
      }
    },
    end() {
      try {
        asPlugin(call.pluginId, () => session.end());
      } catch (error) {
        throw attributed(call, error);
      }
    },
    resize: (size) => within(() => session.resize(size)),
    exitCode: () => within(() => session.exitCode()),
  };
}
