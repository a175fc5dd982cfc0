import { rmSync } from "node:fs";
import { join } from "node:path";
import {
  DamsonError,
  type ExitStatus,
  type Handle,
  type Instance,
  type Recovered,
  type StopOptions,
  type StopResult,
} from "@damson/plugin-sdk";
import type { Instances } from "../instances.ts";
import { type Layout, recordName } from "../layout.ts";
import { cgroupPids, joinFiles, oomFile, removeCgroup } from "../limits/cgroups.ts";
import { type Limits, readLimits } from "../limits/limits.ts";
import { bootId, isAlive, type ProcessStat, readStat } from "../process/identity.ts";
import { membersOf } from "../process/members.ts";
import type { Snapshot, Snapshots } from "../process/snapshot.ts";
import type { Plan } from "../spec/plan.ts";
import { settle } from "./fence.ts";
import { launch, startFailed } from "./launch.ts";
import { isStarted, type RunRecord, readRecord } from "./record.ts";
import { type RunState, runState } from "./run-state.ts";
import type { StatusBoard } from "./status-board.ts";
import { stopRun } from "./stop-run.ts";
import { handleOf, keyOf, processesOf, type RunKey } from "./unit.ts";
import { waitForExit } from "./watch-run.ts";

const EXIT_RECORD_MS = 3_000;

/** What a run is made of on this machine. */
export interface RunParts {
  readonly layout: Layout;
  readonly instances: Instances;
  readonly board: StatusBoard;
  readonly snapshots: Snapshots;
  readonly limits: Limits;
}

/** A run whose command is known. */
export interface PlannedRun {
  readonly plan: Plan;
  readonly command: readonly string[];
  readonly cwd: string;
}

/** The runs as processes: starts them, finds them again, sees them end, and stops them. */
export class Runs {
  readonly #parts: RunParts;

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  /** The handle of this run when it was started before; what is left of a start cut short is cleared away. */
  async existing(key: RunKey): Promise<Handle | undefined> {
    const path = this.#record(key);
    const found = readRecord(path);
    if (found === "absent") return undefined;
    const record = isStarted(found) ? found : await this.#settle(key);
    if (record) return handleOf(key, record);
    rmSync(path, { force: true });
    return undefined;
  }

  /** @throws DamsonError when it cannot start; then nothing of it runs. */
  async start(instance: Instance, { plan, command, cwd }: PlannedRun): Promise<Handle> {
    const key = keyOf(instance);
    const { layout, limits, board } = this.#parts;
    const name = recordName(key.instanceId, key.run);
    const made = limits.create(layout.runDir(key.instanceId, key.run), name, plan.limits);
    const dirs = made?.dirs ?? {};
    try {
      const record = await launch(board, {
        name,
        record: this.#record(key),
        command: [...plan.user.prefix, ...limits.prefix(plan.limits), ...command],
        cwd,
        environment: plan.environment,
        stdout: join(layout.logs(key.instanceId), "stdout"),
        stderr: join(layout.logs(key.instanceId), "stderr"),
        joins: joinFiles(dirs),
        oomFile: oomFile(dirs),
      });
      const started = record ?? (await this.#settle(key));
      if (started) return handleOf(key, started);
      rmSync(this.#record(key), { force: true });
      throw startFailed("the process that watches over it was killed, or could not write its record");
    } catch (error) {
      await removeCgroup(dirs);
      throw error;
    }
  }

  /** What became of a run while no agent watched. */
  async recover(instance: Instance, handle: Handle | undefined): Promise<Recovered> {
    const known = handle && processesOf(handle) ? handle : undefined;
    const found = known ?? (await this.#find(keyOf(instance)));
    if (!found) return { state: "gone" };
    const state = this.state(found);
    const app = processesOf(found)?.app;
    // With the app dead, its shim is just writing down how it ended.
    const ending = state.running && app && !isAlive(app);
    const status = state.running ? ending && (await this.exit(found, { timeoutMs: EXIT_RECORD_MS })) : state.status;
    if (!status) return { state: "adopted", handle: found };
    await this.tidy(found);
    return { state: "exited", handle: found, status };
  }

  state(handle: Handle): RunState {
    return runState(this.#record(handle), processesOf(handle));
  }

  /** Waits for the end of a run; `undefined` when the limits end the wait first. */
  exit(handle: Handle, limits: { signal?: AbortSignal; timeoutMs?: number }): Promise<ExitStatus | undefined> {
    const name = recordName(handle.instanceId, handle.run);
    return waitForExit(this.#parts.board, name, this.#record(handle), processesOf(handle), limits);
  }

  async stop(handle: Handle, options: StopOptions): Promise<StopResult> {
    const result = await stopRun(
      {
        members: async () => this.members(handle, await this.#parts.snapshots.fresh()),
        exit: (timeoutMs) => this.exit(handle, { timeoutMs }),
      },
      options,
    );
    if (result.survivors.length === 0) await this.tidy(handle);
    return result;
  }

  /** The processes of a run now, without its shim. */
  members(handle: Handle, snapshot: Snapshot): ProcessStat[] {
    const processes = processesOf(handle);
    if (!processes || processes.bootId !== bootId()) return [];
    const members = new Map(membersOf(snapshot, processes, this.#marker(handle)).map((member) => [member.pid, member]));
    for (const pid of cgroupPids(this.#dirs(handle))) {
      const stat = readStat(pid);
      if (stat) members.set(pid, stat);
    }
    return [...members.values()];
  }

  /** Removes the cgroup of a run that has ended, unless something of it still lives in there. */
  async tidy(handle: Handle): Promise<void> {
    const dirs = this.#dirs(handle);
    if (cgroupPids(dirs).length === 0) await removeCgroup(dirs);
  }

  /**
   * Kills what is left of the other runs of an instance, and removes their records.
   *
   * @throws DamsonError `EARLIER_RUN_ALIVE` (409) when something cannot be killed.
   */
  async clearOthers({ owner, instanceId, run }: RunKey): Promise<void> {
    const { instances } = this.#parts;
    for (const other of instances.runsOf(instanceId)) {
      if (other !== run) await this.clear({ owner, instanceId, run: other });
    }
  }

  /** The same for one run. */
  async clear(key: RunKey): Promise<void> {
    const record = readRecord(this.#record(key));
    if (isStarted(record)) {
      const handle = handleOf(key, record);
      const { survivors } = await this.stop(handle, { signal: "SIGKILL", graceMs: 0 });
      if (survivors.length > 0) {
        throw new DamsonError("EARLIER_RUN_ALIVE", `an earlier run cannot be killed: ${survivors.join(", ")}`, {
          status: 409,
          retryable: true,
        });
      }
    } else if (record !== "absent") {
      await this.#settle(key);
    }
    await removeCgroup(this.#dirs(key));
    await this.#parts.instances.removeRun(key.instanceId, key.run);
  }

  async #find(key: RunKey): Promise<Handle | undefined> {
    const record = await this.#settle(key);
    return record && handleOf(key, record);
  }

  #settle(key: RunKey): Promise<RunRecord | undefined> {
    const { board, snapshots } = this.#parts;
    const name = recordName(key.instanceId, key.run);
    return settle(board, snapshots, { name, path: this.#record(key), marker: this.#marker(key) });
  }

  #marker({ owner, instanceId, run }: RunKey): string {
    return this.#parts.layout.marker(owner, instanceId, run);
  }

  #record({ instanceId, run }: { readonly instanceId: string; readonly run: number }): string {
    return this.#parts.layout.record(instanceId, run);
  }

  #dirs({ instanceId, run }: { readonly instanceId: string; readonly run: number }): Readonly<Record<string, string>> {
    return readLimits(this.#parts.layout.runDir(instanceId, run))?.dirs ?? {};
  }
}
