import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DamsonError } from "@damson/plugin-sdk";
import { type Static, Type } from "typebox";
import { Compile } from "typebox/compile";
import { findCommand } from "../spec/command.ts";
import { DEFAULT_PATH } from "../spec/environment.ts";
import { type AskedLimits, checkCpuSet, type LimitName } from "./asked.ts";
import { cgroupsV1 } from "./cgroup-v1.ts";
import { cgroupsV2 } from "./cgroup-v2.ts";
import type { Cgroups } from "./cgroups.ts";
import { type CgroupMounts, cgroupMounts } from "./mounts.ts";

const RunLimits = Type.Object({
  version: Type.Literal(1),
  dirs: Type.Record(Type.String(), Type.String()),
  memory_bytes: Type.Optional(Type.Number()),
});
/** What is kept of a run's limits, in `run-<n>/limits.json`. */
export type RunLimits = Static<typeof RunLimits>;
const runLimits = Compile(RunLimits);
const FILE = "limits.json";

/** Sets limits, by whatever this machine has for it. */
export class Limits {
  readonly can: Readonly<Record<LimitName, boolean>>;
  readonly #cgroups: Cgroups | undefined;
  readonly #taskset: string | undefined;
  readonly #prefix: string;

  /** `prefix` keeps the cgroups of two agents on one machine apart. */
  constructor(prefix: string, mounts: CgroupMounts = cgroupMounts()) {
    const v2 = cgroupsV2(mounts);
    this.#cgroups = v2 ?? cgroupsV1(mounts);
    this.#taskset = findTaskset();
    this.#prefix = prefix;
    const can = this.#cgroups?.can;
    this.can = {
      cpu: can?.cpu ?? false,
      memory: can?.memory ?? false,
      cpuSet: can?.cpuSet === true || this.#taskset !== undefined,
    };
  }

  /** Why some limits cannot be set here; `undefined` when all can. */
  get reason(): string | undefined {
    const missing = Object.entries(this.can).filter(([, possible]) => !possible);
    if (missing.length === 0) return undefined;
    const names = missing.map(([name]) => name).join(", ");
    return this.#cgroups
      ? `limits on ${names} cannot be set: cgroup v${this.#cgroups.version} here has no such controller`
      : `limits on ${names} cannot be set: the agent has no cgroup that it may write to`;
  }

  /** @throws DamsonError `LIMITS_UNAVAILABLE` or `CPU_SET_INVALID` (422). */
  check(asked: AskedLimits): void {
    const places = { cpu: "cpu_limit", memory: "memory_limit", cpuSet: "cpu_set" } as const;
    const refused = (["cpu", "memory", "cpuSet"] as const).filter(
      (name) => asked[name] !== undefined && !this.can[name],
    );
    if (refused.length > 0) {
      throw new DamsonError("LIMITS_UNAVAILABLE", this.reason ?? "limits cannot be set here", {
        status: 422,
        remedy: "Run the agent as root or with a delegated cgroup (systemd: Delegate=yes), or leave the limits out.",
        issues: refused.map((name) => ({
          path: `pkg.resources.${places[name]}`,
          message: "cannot be set on this machine",
        })),
      });
    }
    if (asked.cpuSet !== undefined) checkCpuSet(asked.cpuSet);
  }

  /**
   * Makes what the limits of a run need, and keeps in its directory what that is.
   *
   * @returns undefined when nothing has to be made.
   * @throws DamsonError `LIMITS_UNAVAILABLE` (422).
   */
  create(runDir: string, name: string, asked: AskedLimits): RunLimits | undefined {
    const { cpuSet, ...others } = asked;
    const wanted = this.#cgroups?.can.cpuSet ? asked : others;
    if (!this.#cgroups || Object.keys(wanted).length === 0) return undefined;
    const dirs = this.#cgroups.create(`${this.#prefix}-${name}`, wanted);
    const limits: RunLimits = {
      version: 1,
      dirs: { ...dirs },
      ...(asked.memory === undefined ? {} : { memory_bytes: asked.memory }),
    };
    mkdirSync(runDir, { recursive: true, mode: 0o700 });
    writeFileSync(join(runDir, FILE), JSON.stringify(limits), { mode: 0o600 });
    return limits;
  }

  /** What is put before the command for the limits that no cgroup sets. */
  prefix({ cpuSet }: AskedLimits): readonly string[] {
    if (cpuSet === undefined || this.#cgroups?.can.cpuSet || !this.#taskset) return [];
    return [this.#taskset, "-c", cpuSet];
  }
}

/** The limits of a run that {@link Limits.create} made. */
export function readLimits(runDir: string): RunLimits | undefined {
  try {
    const limits: unknown = JSON.parse(readFileSync(join(runDir, FILE), "utf8"));
    return runLimits.Check(limits) ? limits : undefined;
  } catch {
    return undefined;
  }
}

function findTaskset(): string | undefined {
  try {
    return findCommand({ command: "taskset", directory: "/", path: DEFAULT_PATH, place: "" });
  } catch {
    return undefined;
  }
}
