import { setTimeout as delay } from "node:timers/promises";
import { type Instance, isRuntimeUnavailable } from "@damson/plugin-sdk";
import type { ContainerInfo, ContainerInspectInfo } from "dockerode";
import { isRefusal } from "../engine/answers.ts";
import type { Engine } from "../engine/engine.ts";
import { tooSlow } from "../engine/unreachable.ts";
import { type ContainerSpec, containerOptions } from "../spec/container.ts";
import type { LogSettings } from "../spec/log-config.ts";
import { checkCommand } from "./check-command.ts";
import { type Containers, runOf } from "./containers.ts";
import { isOf } from "./handle.ts";
import { containerName, earlierName, secondName } from "./names.ts";
import { startError } from "./start-error.ts";
import { isFresh } from "./state.ts";

/** So many containers of earlier runs are kept, stopped, for their logs. */
const KEPT_RUNS = 2;
/** Making a container can take long on a busy disk, but not as long as the agent waits for a start. */
const START_MS = 27_000;

/** How often to ask for a name that is taken by nobody, and how long to wait in between. */
const NAME_ATTEMPTS = 5;
const NAME_RETRY_MS = 200;

/**
 * Milliseconds left of the time for a start that begins now. An agent that has given up on it may have begun the next run:
 * nothing more is to be made or started for this one.
 *
 * @returns what throws `RUNTIME_UNAVAILABLE` when none is left
 */
export function startTime({ address }: Pick<Engine, "address">, ms = START_MS): () => number {
  const end = performance.now() + ms;
  return () => {
    const left = end - performance.now();
    if (left > 0) return left;
    throw tooSlow(address, "what a start needs", ms);
  };
}

/** What {@link Starter} needs. */
export interface StarterParts {
  readonly engine: Engine;
  readonly containers: Containers;
}

/** Makes and starts the containers of runs. */
export class Starter {
  readonly #engine: Engine;
  readonly #containers: Containers;

  constructor({ engine, containers }: StarterParts) {
    this.#engine = engine;
    this.#containers = containers;
  }

  /**
   * The container of a run, running or ended. It is made and started unless it is there; earlier runs are ended.
   *
   * @param left of {@link startTime}
   */
  async start(
    instance: Instance,
    spec: ContainerSpec,
    logs: LogSettings,
    left: () => number,
  ): Promise<ContainerInspectInfo> {
    const all = await this.#containers.list(instance);
    const mine = all.find((container) => runOf(container) === instance.run);
    const existing = mine && (await this.#containers.inspect(mine.Id));
    if (existing && !isFresh(existing.State)) return existing;
    await this.#makeRoom(instance, all);
    // Made and not started: the agent died in between, and the spec of a run never changes. A dead one cannot be started.
    const isDead = existing?.State.Status === "dead";
    if (isDead) await this.#containers.remove(existing.Id);
    const id = existing && !isDead ? existing.Id : await this.#create(instance, spec, logs, left);
    try {
      await checkCommand(this.#engine, id, spec);
      await this.#engine.call(
        "the start of a container",
        (docker, abortSignal) => docker.getContainer(id).start({ abortSignal }),
        { ms: left() },
      );
      const started = await this.#containers.inspect(id);
      if (started) return started;
      throw new Error("the container was removed while it was started");
    } catch (error) {
      // Where the answer was lost, it may run: `recover` finds out.
      if (!isRuntimeUnavailable(error)) await this.#containers.remove(id).catch(() => undefined);
      throw await startError(error, this.#engine, spec);
    }
  }

  /** Ends what still runs of earlier runs, and keeps the last of them for their logs, out of the way. */
  async #makeRoom(instance: Instance, all: readonly ContainerInfo[]): Promise<void> {
    const earlier = all.filter((container) => runOf(container) !== instance.run);
    const ended = earlier.filter(({ State }) => State !== "created");
    for (const container of earlier) {
      const isKept = ended.slice(-KEPT_RUNS).includes(container);
      if (!isKept) {
        await this.#containers.remove(container.Id);
        continue;
      }
      if (container.State !== "exited") await this.#containers.kill(container.Id);
      const name = earlierName(instance, runOf(container));
      if (!container.Names.includes(`/${name}`)) await this.#containers.rename(container.Id, name);
    }
  }

  async #create(instance: Instance, spec: ContainerSpec, logs: LogSettings, left: () => number): Promise<string> {
    const names = [containerName(instance), secondName(instance)];
    for (let attempt = 1; ; ) {
      const [name = ""] = names;
      const options = containerOptions(name, instance, spec, logs);
      try {
        const container = await this.#engine.call(
          "the making of a container",
          (docker, abortSignal) => docker.createContainer({ ...options, abortSignal }),
          { ms: left() },
        );
        return container.id;
      } catch (error) {
        // Podman says 500 of a name that is taken.
        const isTaken = isRefusal(error, 409) || (isRefusal(error) && /already in use/i.test(error.message));
        const holder = isTaken ? await this.#containers.inspect(name) : undefined;
        // Made by a call of an agent that is dead now.
        if (holder && isOf(holder, instance)) return holder.Id;
        if (holder) names.shift();
        else attempt += 1;
        if (!isTaken || names.length === 0 || attempt > NAME_ATTEMPTS) {
          throw await startError(error, this.#engine, spec);
        }
        // Who had the name has just gone, or is only being made.
        if (!holder) await delay(NAME_RETRY_MS);
      }
    }
  }
}
