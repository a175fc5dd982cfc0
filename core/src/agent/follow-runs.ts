import type { Handle, Runtime } from "@damson/plugin-sdk";
import type { Agent } from "./agent.ts";
import type { App } from "./app.ts";
import { Channel } from "./channel.ts";

/** A run of an instance, and the runtime that has it. */
export interface Run {
  readonly instanceId: string;
  readonly handle: Handle;
  readonly runtime: Runtime;
}

/** What to follow of an app's runs. */
export interface RunFollower<T> {
  /** The runs that can be read now, at most one of each instance. */
  runs(): readonly Run[];
  /** What comes of a run, until it has ended or `signal` aborts. */
  read(run: Run, signal: AbortSignal): AsyncIterable<T>;
  /** Whether nothing more can come, though the app is there, once what is being read has ended. @default never */
  isOver?(): boolean;
}

/** Follows every run of every instance, also of those that come later, until `signal` aborts or the app is gone. */
export async function* followRuns<T>(
  agent: Agent,
  app: App,
  follower: RunFollower<T>,
  signal: AbortSignal,
): AsyncGenerator<T> {
  const channel = new Channel<T>();
  /** The last run of each instance that was or is being read. */
  const followed = new Map<string, Run>();
  const reading = new Set<string>();
  const ended = new AbortController();
  const stopping = AbortSignal.any([signal, ended.signal]);
  const pump = async (run: Run): Promise<void> => {
    try {
      for await (const item of follower.read(run, stopping)) await channel.put(item);
    } catch (thrown) {
      channel.fail(thrown);
    }
  };
  const isNew = ({ instanceId, handle, runtime }: Run): boolean => {
    const last = followed.get(instanceId);
    // A plugin that was reloaded has another runtime for the same run.
    return last === undefined || last.handle.run < handle.run || last.runtime !== runtime;
  };
  const look = (): void => {
    const isGone = agent.find(app.name) !== app || (reading.size === 0 && follower.isOver?.() === true);
    if (signal.aborted || isGone) {
      channel.close();
      return;
    }
    for (const run of follower.runs()) {
      const { instanceId } = run;
      if (reading.has(instanceId) || !isNew(run)) continue;
      followed.set(instanceId, run);
      reading.add(instanceId);
      void pump(run).finally(() => {
        reading.delete(instanceId);
        look();
      });
    }
  };
  const unlisten = agent.onChange((changed) => {
    if (changed === app) look();
  });
  const onAbort = (): void => channel.close();
  signal.addEventListener("abort", onAbort);
  look();
  try {
    yield* channel.read();
  } finally {
    unlisten();
    signal.removeEventListener("abort", onAbort);
    ended.abort();
  }
}
