import { type ExitStatus, type InstanceEvent, isRuntimeUnavailable, unknownExit } from "@damson/plugin-sdk";
import type { Engine } from "../engine/engine.ts";
import type { Containers } from "./containers.ts";
import { exitOf, healthOf, isFresh, isRunning } from "./state.ts";

/**
 * Tells of a container until it has ended or `signal` aborts: looks once, and then each time the engine tells that something
 * has happened to it. While the engine is away nothing is known, so nothing is said.
 */
export async function* watchContainer(
  engine: Engine,
  containers: Containers,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<InstanceEvent> {
  let told: string | undefined;
  let woken = Promise.withResolvers<void>();
  const wake = (): void => woken.resolve();
  const unlisten = engine.events.on(id, wake);
  signal.addEventListener("abort", wake);
  try {
    while (!signal.aborted) {
      // Whoever wakes it from here on has seen something newer.
      woken = Promise.withResolvers<void>();
      const event = await look(engine, containers, id, signal);
      if (event === undefined) continue;
      if (event.type === "exited") return yield event;
      const health = event.type === "health" ? event : told && WELL;
      const text = health && JSON.stringify(health);
      if (health && text !== told) yield health;
      told = text;
      await woken.promise;
    }
  } finally {
    unlisten();
    signal.removeEventListener("abort", wake);
  }
}

/** How the container ended; `undefined` when `signal` aborts before. */
export async function untilEnded(
  engine: Engine,
  containers: Containers,
  id: string,
  signal: AbortSignal,
): Promise<ExitStatus | undefined> {
  for await (const event of watchContainer(engine, containers, id, signal)) {
    if (event.type === "exited") return event.status;
  }
  return undefined;
}

/** What is to be said of a container without a health of its own, once something was said against it. */
const WELL = { type: "health", healthy: true, message: "Running" } as const;

type Look = InstanceEvent | { readonly type: "runs" };

/** What is to be told of it now; `undefined` when the engine went away while it was asked, and has come back. */
async function look(
  engine: Engine,
  containers: Containers,
  id: string,
  signal: AbortSignal,
): Promise<Look | undefined> {
  try {
    const found = await containers.inspect(id);
    if (!found) return { type: "exited", status: unknownExit("somebody has removed the container") };
    if (!isRunning(found.State) && !isFresh(found.State)) return { type: "exited", status: exitOf(found.State) };
    const health = healthOf(found.State);
    return health ? { type: "health", ...health } : { type: "runs" };
  } catch (error) {
    if (!isRuntimeUnavailable(error)) throw error;
    await engine.untilUsable(signal);
    return undefined;
  }
}
