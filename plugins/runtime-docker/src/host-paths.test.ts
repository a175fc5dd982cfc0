import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ContainerInspectInfo } from "dockerode";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EngineAddress } from "./engine/address.ts";
import { Engine } from "./engine/engine.ts";
import { quiet } from "./fixtures/quiet-log.ts";
import { HostPaths, ownContainerId } from "./host-paths.ts";
import { Containers } from "./unit/containers.ts";

const ID = "3f1a".repeat(16);
const SANDBOX = "b07c".repeat(16);

const HOST = `24 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw
25 24 0:22 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw
31 24 259:1 / /boot/efi rw,relatime shared:14 - vfat /dev/nvme0n1p1 rw
40 24 259:3 / /var/lib/docker rw,relatime shared:20 - ext4 /dev/nvme0n1p3 rw
52 40 0:48 / /var/lib/docker/overlay2/${ID}/merged rw,relatime shared:30 - overlay overlay rw,lowerdir=/l/A
`;

const DOCKER = `1034 866 0:112 / / rw,relatime master:417 - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/X
1035 1034 0:115 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw
1041 1034 259:2 /var/lib/docker/volumes/damson/_data /var/lib/damson rw,relatime master:1 - ext4 /dev/nvme0n1p2 rw
1042 1034 259:2 /var/lib/docker/containers/${ID}/resolv.conf /etc/resolv.conf rw,relatime - ext4 /dev/nvme0n1p2 rw
1043 1034 259:2 /var/lib/docker/containers/${ID}/hostname /etc/hostname rw,relatime - ext4 /dev/nvme0n1p2 rw
1044 1034 259:2 /var/lib/docker/containers/${ID}/hosts /etc/hosts rw,relatime - ext4 /dev/nvme0n1p2 rw
1045 1034 0:25 /docker.sock /run/docker.sock rw,nosuid,nodev - tmpfs tmpfs rw,size=3273948k,mode=755
`;

/** With a data-root on a disk of its own, and names of volumes that look like ids. */
const DOCKER_ELSEWHERE = `1034 866 0:112 / / rw,relatime - overlay overlay rw
1040 1034 8:17 /docker/volumes/${SANDBOX}/_data /data rw,relatime - ext4 /dev/sdb1 rw
1044 1034 8:17 /docker/containers/${ID}/hosts /etc/hosts rw,relatime - ext4 /dev/sdb1 rw
`;

const PODMAN = `718 602 0:57 / / rw,relatime - overlay overlay rw,lowerdir=/var/lib/containers/storage/overlay/l/Y
722 718 0:24 /containers/storage/overlay-containers/${ID}/userdata/hosts /etc/hosts rw,nosuid,nodev - tmpfs tmpfs rw
723 718 0:24 /containers/storage/overlay-containers/${ID}/userdata/hostname /etc/hostname rw - tmpfs tmpfs rw
`;

const POD = `2011 1874 0:310 / / rw,relatime master:560 - overlay overlay rw,lowerdir=/var/lib/containerd/x
2021 2011 259:2 /var/lib/kubelet/pods/6c2f/etc-hosts /etc/hosts rw,relatime - ext4 /dev/nvme0n1p2 rw
2023 2011 259:2 /var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/${SANDBOX}/hostname /etc/hostname rw - ext4 /dev/nvme0n1p2 rw
2024 2011 259:2 /var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/${SANDBOX}/resolv.conf /etc/resolv.conf rw - ext4 /dev/nvme0n1p2 rw
`;

/** A machine that is itself made of mounts, with files that look alike. */
const LXC = `500 400 0:50 / / rw,relatime - zfs tank/ct rw
501 500 0:51 /etc/hosts /etc/hosts rw - zfs tank/ct rw
502 500 0:52 /${"a".repeat(63)}/hostname /etc/hostname rw - zfs tank/ct rw
503 500 0:52 /${"A".repeat(64)}/hosts /etc/resolv.conf rw - zfs tank/ct rw
`;

describe("the container that the agent runs in", () => {
  it.each([
    ["none, on a host", HOST, undefined],
    ["Docker's", DOCKER, ID],
    ["Docker's with its data elsewhere", DOCKER_ELSEWHERE, ID],
    ["Podman's", PODMAN, ID],
    // Of the pod's sandbox: no container of Docker has it, so nothing is mistaken for the agent's own.
    ["a pod's", POD, SANDBOX],
    ["none, where files only look alike", LXC, undefined],
    ["none, where nothing can be read", "", undefined],
  ])("is %s", (_, mountInfo, id) => expect(ownContainerId(mountInfo)).toBe(id));
});

type Mount = ContainerInspectInfo["Mounts"][number];
const mount = (Type: Mount["Type"], Source: string, Destination: string): Mount => ({
  Type,
  Source,
  Destination,
  Mode: "",
  RW: true,
  Propagation: "",
});
const MOUNTS = [
  mount("bind", "/srv/damson", "/var/lib/damson"),
  mount("volume", "/var/lib/docker/volumes/cache/_data", "/var/lib/damson/cache"),
  mount("tmpfs", "", "/var/lib/damson/tmp"),
  mount("bind", "/mnt/deep", "/var/lib/damson/tmp/deep/"),
  mount("bind", "/run/docker.sock", "/run/docker.sock"),
];

/** An engine that knows the agent's container by its mounts. */
class Known extends Containers {
  override async inspect(id: string): Promise<ContainerInspectInfo | undefined> {
    // Of what an engine says, only this is looked at.
    return id === ID ? ({ Mounts: MOUNTS } as ContainerInspectInfo) : undefined;
  }
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "damson-paths-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function hostPaths(mountInfo: string, address: EngineAddress = { socketPath: "/run/docker.sock" }): HostPaths {
  const path = join(folder, "mountinfo");
  writeFileSync(path, mountInfo);
  const engine = new Engine({ address, label: "", log: quiet });
  return new HostPaths(engine, new Known(engine), path);
}

describe("a path of the agent on the engine's host", () => {
  it("is the same where the agent is on the host", async () => {
    const paths = hostPaths(HOST);
    expect(await paths.of("/var/lib/damson/app")).toBe("/var/lib/damson/app");
    expect(await paths.areOwn()).toBe(true);
  });

  it.each([
    ["/var/lib/damson", "/srv/damson"],
    ["/var/lib/damson/instances/a", "/srv/damson/instances/a"],
    ["/var/lib/damson/cache", "/var/lib/docker/volumes/cache/_data"],
    ["/var/lib/damson/cache/x/y", "/var/lib/docker/volumes/cache/_data/x/y"],
    ["/var/lib/damson/cached", "/srv/damson/cached"],
    ["/var/lib/damson/tmp/deep", "/mnt/deep"],
    ["/var/lib/damson/tmp/deep/x", "/mnt/deep/x"],
  ])("%s is %s", async (path, expected) => {
    const paths = hostPaths(DOCKER);
    expect(await paths.of(path)).toBe(expected);
    expect(await paths.areOwn()).toBe(false);
  });

  it.each([
    ["/var/lib/damson/tmp/x", DOCKER, undefined, /in none of its volumes/],
    ["/tmp/x", DOCKER, undefined, /in none of its volumes/],
    ["/var/lib/damsons", DOCKER, undefined, /in none of its volumes/],
    ["/var/lib/damson", POD, undefined, /engine does not know/],
    ["/var/lib/damson", HOST, { host: "docker", port: 2375 }, /another machine/],
  ])("of %s is refused where it has none", async (path, mountInfo, address, message) => {
    await expect(hostPaths(mountInfo, address).of(path)).rejects.toMatchObject({
      code: "HOST_PATH_UNKNOWN",
      status: 422,
      message: expect.stringMatching(message),
      remedy: expect.any(String),
    });
  });
});
