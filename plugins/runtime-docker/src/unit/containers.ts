import type { Handle, Instance, UnitId } from "@damson/plugin-sdk";
import type { ContainerInfo, ContainerInspectInfo } from "dockerode";
import { isRefusal, unless } from "../engine/answers.ts";
import type { Engine } from "../engine/engine.ts";
import { containerIdOf, isOf } from "./handle.ts";
import { LABELS, labelFilters } from "./labels.ts";
import { namesOf } from "./names.ts";

/** Making and removing a container can take long on a busy disk. */
const SLOW_MS = 60_000;

/** The containers of one owner, as the engine has them. */
export class Containers {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * Of an owner, or of one of its instances; oldest run first.
   *
   * @param known id of a container that is one of them by whatever name
   */
  async list(unit: Pick<UnitId, "owner"> & Partial<UnitId>, known?: string): Promise<ContainerInfo[]> {
    const filters = { label: labelFilters(unit) };
    const found = await this.#engine.call("for its containers", (docker, abortSignal) =>
      docker.listContainers({ all: true, filters, abortSignal }),
    );
    return found.filter((one) => one.Id === known || isOwn(one)).toSorted((a, b) => runOf(a) - runOf(b));
  }

  /** By id or name; `undefined` when there is none. */
  async inspect(id: string): Promise<ContainerInspectInfo | undefined> {
    const answer = this.#engine.call("about a container", (docker, abortSignal) =>
      docker.getContainer(id).inspect({ abortSignal }),
    );
    return unless(answer, 404);
  }

  /** The container of a run, known by its handle or found by its labels. */
  async find(run: Instance | Handle, handle?: Handle): Promise<ContainerInspectInfo | undefined> {
    const known = handle && containerIdOf(handle);
    const id = known ?? (await this.list(run)).find((container) => runOf(container) === run.run)?.Id;
    const found = id === undefined ? undefined : await this.inspect(id);
    return found && isOf(found, run) ? found : undefined;
  }

  /** Sends a signal to its first process. Nothing happens when it does not run, or is gone. */
  async signal(id: string, signal: string): Promise<void> {
    const answer = this.#engine.call("a signal", (docker, abortSignal) =>
      docker.getContainer(id).kill({ signal, abortSignal }),
    );
    await answer.catch((error: unknown) => {
      // Podman says 500 of a container that has just ended.
      if (!isRefusal(error, 404, 409, 500)) throw error;
    });
  }

  /** Ends it by force, and resolves when it has ended. */
  async kill(id: string): Promise<void> {
    await this.signal(id, "SIGKILL");
    await this.#untilIt("not-running", id);
  }

  /** Ends it by force if it runs, and removes it with its anonymous volumes. Succeeds when it is gone. */
  async remove(id: string): Promise<void> {
    const answer = this.#engine.call(
      "the removal of a container",
      (docker, abortSignal) => docker.getContainer(id).remove({ force: true, v: true, abortSignal }),
      { ms: SLOW_MS },
    );
    await answer.catch(async (error: unknown) => {
      if (isRefusal(error, 404)) return;
      if (!isRefusal(error, 409)) throw error;
      // Somebody removes it already.
      await this.#untilIt("removed", id);
    });
  }

  async #untilIt(condition: "not-running" | "removed", id: string): Promise<void> {
    const answer = this.#engine.call(
      "the end of a container",
      (docker, abortSignal) => docker.getContainer(id).wait({ condition, abortSignal }),
      { ms: SLOW_MS },
    );
    await unless(answer, 404);
  }

  async rename(id: string, name: string): Promise<void> {
    await this.#engine.call("a new name", (docker, abortSignal) =>
      docker.getContainer(id).rename({ name, abortSignal }),
    );
  }
}

/** Number of the run that a container was made for. */
export function runOf({ Labels }: Pick<ContainerInfo, "Labels">): number {
  return Number(Labels[LABELS.run]);
}

/** Whether it was made here, and is no copy: an image that was committed from a container hands its labels on. */
function isOwn({ Labels, Names = [] }: ContainerInfo): boolean {
  const { [LABELS.owner]: owner, [LABELS.instance]: instanceId, [LABELS.run]: run } = Labels;
  if (!owner || !instanceId || !run || !/^[1-9][0-9]{0,14}$/.test(run)) return false;
  const names = namesOf({ owner, instanceId }, Number(run));
  return Names.some((name) => names.includes(name.replace(/^\//, "")));
}
