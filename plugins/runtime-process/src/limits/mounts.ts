import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where the cgroups of this process are: its own directory and the top of each hierarchy that is mounted. */
export interface CgroupMounts {
  /** v2, when mounted. */
  readonly unified: Hierarchy | undefined;
  /** v1, by controller. */
  readonly controllers: ReadonlyMap<string, Hierarchy>;
}

/** One mounted hierarchy. */
export interface Hierarchy {
  readonly top: string;
  /** The directory of the cgroup that this process is in. */
  readonly own: string;
}

/** Reads /proc/self/mountinfo and /proc/self/cgroup (proc_pid_mountinfo(5), cgroups(7)). */
export function cgroupMounts(
  mountinfo = textOf("/proc/self/mountinfo"),
  cgroup = textOf("/proc/self/cgroup"),
): CgroupMounts {
  const paths = new Map<string, string>();
  for (const line of cgroup.split("\n")) {
    const match = /^[0-9]+:([^:]*):(.*)$/.exec(line);
    for (const controller of match?.[1]?.split(",") ?? []) paths.set(controller, match?.[2] ?? "/");
  }
  let unified: Hierarchy | undefined;
  const controllers = new Map<string, Hierarchy>();
  for (const line of mountinfo.split("\n")) {
    const [front, back] = line.split(" - ");
    const [, , , root = "/", top = ""] = front?.split(" ") ?? [];
    const [type, , options = ""] = back?.split(" ") ?? [];
    if (type === "cgroup2") unified ??= hierarchy(top, root, paths.get(""));
    if (type !== "cgroup") continue;
    for (const option of options.split(",")) {
      const path = paths.get(option);
      if (path !== undefined && !controllers.has(option)) controllers.set(option, hierarchy(top, root, path));
    }
  }
  return { unified, controllers };
}

/** In a container `path` may lie outside of what is mounted; then the top of the mount is its own cgroup. */
function hierarchy(top: string, root: string, path = "/"): Hierarchy {
  const inside = root === "/" ? path : path.startsWith(root) ? path.slice(root.length) : "";
  const own = join(top, inside);
  return { top, own: existsSync(own) ? own : top };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // No Linux, or one without cgroups.
    return "";
  }
}
