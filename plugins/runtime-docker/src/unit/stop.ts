import { type ExitStatus, type StopOptions, type StopResult, unknownExit } from "@damson/plugin-sdk";
import type { ContainerInspectInfo } from "dockerode";
import { unless } from "../engine/answers.ts";
import type { Engine } from "../engine/engine.ts";
import type { Containers } from "./containers.ts";
import { exitOf, isRunning } from "./state.ts";
import { untilEnded } from "./watch.ts";

/** After SIGKILL an engine needs a moment to say that a container is gone. */
const KILLED_WITHIN_MS = 15_000;

/** Ends a run: by its signal, then by force. */
export async function stopContainer(
  engine: Engine,
  containers: Containers,
  found: ContainerInspectInfo | undefined,
  { signal, graceMs }: StopOptions,
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
  const status = await ended(KILLED_WITHIN_MS);
  if (status) return { status, survivors: [] };
  return { status: unknownExit("it could not be ended"), survivors: await survivorsOf(engine, found.Id) };
}

async function survivorsOf(engine: Engine, id: string): Promise<string[]> {
  const answer = engine.call("for the processes of a container", (docker, abortSignal) =>
    docker.getContainer(id).top({ ps_args: "-eo pid,comm", abortSignal }),
  );
  const { Processes = [] } = (await unless(answer)) ?? {};
  return Processes.map(([pid, name]: string[]) => `${name} (pid ${pid})`);
}
