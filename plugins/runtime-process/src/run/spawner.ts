import { type ChildProcess, fork } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

// In a package it is built, in a clone it runs as it is.
const HELPER = fileURLToPath(new URL(`spawner-process${extname(import.meta.url)}`, import.meta.url));

/** A process to start, in a session of its own and without any of the agent's files. */
export interface SpawnRequest {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** What the helper is told. */
export type SpawnerOrder = ({ readonly id: number } & SpawnRequest) | { readonly id: number; readonly kill: true };

/** What the helper tells: a process has ended, or could not be started. */
export interface SpawnerNews {
  readonly id: number;
  readonly error?: string;
}

/** A process that was asked for. */
export interface Spawned {
  /** Aborts when it has ended, could not be started, or nobody can tell any more. */
  readonly ended: AbortSignal;
  /** Why it could not be started, once `ended` has aborted. */
  readonly error: string | undefined;
  /** Kills it, wherever it is by then. */
  kill(): void;
}

class Spawner {
  #helper: ChildProcess | undefined;
  readonly #pending = new Map<number, (error?: string) => void>();
  #count = 0;

  /** Asks for a process; returns before it is there. */
  spawn(request: SpawnRequest): Spawned {
    this.#count += 1;
    const id = this.#count;
    const ended = new AbortController();
    const spawned = {
      ended: ended.signal,
      error: undefined as string | undefined,
      kill: () => {
        if (this.#helper?.connected) this.#helper.send({ id, kill: true } satisfies SpawnerOrder);
      },
    };
    this.#pending.set(id, (error) => {
      spawned.error = error;
      ended.abort();
    });
    this.#helper ??= this.#start();
    // A helper that is gone, or could not be started, says so in an event.
    if (this.#helper.connected) this.#helper.send({ id, ...request } satisfies SpawnerOrder);
    return spawned;
  }

  #start(): ChildProcess {
    // Nothing of the agent's environment, and no signal that a terminal sends to the agent.
    const helper = fork(HELPER, {
      env: {},
      execArgv: [],
      cwd: "/",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      detached: true,
    });
    helper.on("message", ({ id, error }: SpawnerNews) => this.#tell(id, error));
    const lose = (): void => {
      if (this.#helper === helper) this.#helper = undefined;
      for (const id of [...this.#pending.keys()]) this.#tell(id);
    };
    helper.on("error", lose).once("disconnect", lose);
    helper.unref();
    helper.channel?.unref();
    return helper;
  }

  #tell(id: number, error?: string): void {
    this.#pending.get(id)?.(error);
    this.#pending.delete(id);
  }
}

/**
 * Starts processes from a small helper process. A fork copies the page tables of whoever forks: from an agent with many
 * apps one start would take ten times as long, and nothing else could go on meanwhile. The helper begins with the first
 * start, serves all runtimes of this process and ends with it; what it started goes on.
 */
export const spawner = new Spawner();
