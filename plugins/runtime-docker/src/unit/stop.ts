import { type ExitStatus, type StopOptions, type StopResult, unknownExit } from "@damson/plugin-sdk";
import type { ContainerInspectInfo } from "dockerode";
import { unless } from "../engine/answers.ts";
import type { Engine } from "../engine/engine.ts";
import type { Containers } from "./containers.ts";
import { exitOf, isRunning } from "./state.ts";
import { untilEnded } from "./watch.ts";

/** After SIGKILL an engine needs a moment to say that a container is gone. */
const KILLED_WITHIN_MS = 15_000;

/**
 * Ends a run: by its signal, then by force.
 *
 * @param killedWithinMs how long it may take to end by force
 */
export async function stopContainer(
  engine: Engine,
  containers: Containers,
  found: ContainerInspectInfo | undefined,
  { signal, graceMs }: StopOptions,
  killedWithinMs = KILLED_WITHIN_MS,
): Promise<StopResult> {
  if (!found) return { status: unknownExit("the engine no longer has the container"), survivors: [] };
  if (!isRunning(found.State)) return { status: exitOf(found.State), survivors: [] };
  const ended = (ms: number): Promise<ExitStatus | undefined> =>
    untilEnded(engine, containers, found.Id, AbortSignal.timeout(ms));
  if (graceMs > 0) {
    // SIGTERM is the general wish to end, which an image may want to hear by another signal (STOPSIGNAL).
    const own = signal === "SIGTERM" && "StopSignal" in found.Config ? String(found.Config.StopSignal) : "";
    await containers.signal(found.Id, own || signal);
    const status = await ended(graceMs);
    if (status) return { status, survivors: [] };
  }
  await containers.signal(found.Id, "SIGKILL");
  const status = await ended(killedWithinMs);
  if (status) return { status, survivors: [] };
  const survivors = await survivorsOf(engine, found);
  // Its end may just not have been told of.
  const last = await containers.inspect(found.Id);
  if (last && isRunning(last.State)) return { status: unknownExit("it could not be ended"), survivors };
  return { status: last ? exitOf(last.State) : unknownExit("somebody has removed the container"), survivors: [] };
}

/** Its processes; the container itself where the engine cannot tell them. Never none. */
async function survivorsOf(engine: Engine, { Id: id, Name }: ContainerInspectInfo): Promise<string[]> {
  const answer = engine.call("for the processes of a container", (docker, abortSignal) =>
    docker.getContainer(id).top({ ps_args: "-eo pid,comm", abortSignal }),
  );
  const { Processes = [] } = (await unless(answer)) ?? {};
  if (Processes.length === 0) return [`the container ${Name.replace(/^\//, "")}`];
  return Processes.map(([pid, name]: string[]) => `${name} (pid ${pid})`);
}
