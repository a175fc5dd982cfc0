import { describe, expect, it } from "vitest";
import { cgroupMounts } from "./mounts.ts";

const line = (root: string, at: string, type: string, options: string) =>
  `31 23 0:28 ${root} ${at} rw,relatime shared:1 - ${type} ${type} ${options}`;

describe("the cgroups of this process", () => {
  it("are found on v2", () => {
    const { unified, controllers } = cgroupMounts(line("/", "/", "cgroup2", "rw"), "0::/proc\n");
    expect(unified).toEqual({ top: "/", own: "/proc" });
    expect(controllers.size).toBe(0);
  });

  it("are found on v1, each controller in its hierarchy, several in one", () => {
    const mountinfo = [line("/", "/", "cgroup", "rw,cpu,cpuacct"), line("/", "/usr", "cgroup", "rw,memory")].join("\n");
    const { unified, controllers } = cgroupMounts(mountinfo, "3:cpu,cpuacct:/proc\n2:memory:/bin\n1:name=systemd:/\n");
    expect(unified).toBeUndefined();
    expect(controllers.get("cpu")).toEqual({ top: "/", own: "/proc" });
    expect(controllers.get("cpuacct")).toEqual({ top: "/", own: "/proc" });
    expect(controllers.get("memory")).toEqual({ top: "/usr", own: "/usr/bin" });
  });

  it("are the top of the mount in a container that sees only its own", () => {
    const { controllers } = cgroupMounts(line("/docker/1", "/", "cgroup", "rw,memory"), "2:memory:/docker/1/proc\n");
    expect(controllers.get("memory")).toEqual({ top: "/", own: "/proc" });
    const outside = cgroupMounts(line("/docker/1", "/usr", "cgroup", "rw,memory"), "2:memory:/elsewhere\n");
    expect(outside.controllers.get("memory")).toEqual({ top: "/usr", own: "/usr" });
  });

  it("are none where nothing is mounted", () => {
    expect(cgroupMounts("", "")).toEqual({ unified: undefined, controllers: new Map() });
  });
});
