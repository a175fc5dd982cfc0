import type { ResourceUsage } from "@damson/plugin-sdk";
import { parseRecordName } from "../layout.ts";
import type { CgroupUsage } from "../limits/cgroups.ts";
import type { ProcessStat } from "../process/identity.ts";
import { machineUnits } from "../process/machine.ts";

/** Adds up what the processes of a run use, and remembers it, so that its processor time never falls. */
export class UsageMeter {
  readonly #most = new Map<string, number>();
  #units: ReturnType<typeof machineUnits> | undefined;

  /**
   * What a run uses. Of what a cgroup counts, its figures are taken; the rest is added up over the processes, where a
   * page that several share counts for each.
   */
  read(
    run: string,
    members: readonly ProcessStat[],
    cgroup: CgroupUsage,
    memoryLimit: number | undefined,
  ): ResourceUsage {
    this.#units ??= machineUnits();
    const { pageBytes, ticksPerSecond } = this.#units;
    const seconds = cgroup.cpuSeconds ?? sum(members, ({ cpuTicks }) => cpuTicks) / ticksPerSecond;
    const cpuSeconds = Math.max(seconds, this.#most.get(run) ?? 0);
    this.#most.set(run, cpuSeconds);
    return {
      at: new Date().toISOString(),
      cpu_seconds: cpuSeconds,
      memory_bytes: cgroup.memoryBytes ?? sum(members, ({ rssPages }) => rssPages) * pageBytes,
      ...(memoryLimit === undefined ? {} : { memory_limit_bytes: memoryLimit }),
      processes: members.length,
    };
  }

  /** Forgets the runs of an instance. */
  forget(instanceId: string): void {
    for (const run of this.#most.keys()) if (parseRecordName(run)?.instanceId === instanceId) this.#most.delete(run);
  }
}

function sum(members: readonly ProcessStat[], figure: (member: ProcessStat) => number): number {
  return members.reduce((total, member) => total + figure(member), 0);
}
