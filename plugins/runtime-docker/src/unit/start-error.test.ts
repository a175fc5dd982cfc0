import { DamsonError } from "@damson/plugin-sdk";
import { describe, expect, it } from "vitest";
import { Engine } from "../engine/engine.ts";
import { quiet } from "../fixtures/quiet-log.ts";
import type { ContainerSpec } from "../spec/container.ts";
import { startError } from "./start-error.ts";

/** None that could be asked who has a port. */
const nobody = new Engine({ address: { socketPath: "/does/not/exist.sock" }, label: "", log: quiet });

const SPEC: ContainerSpec = {
  image: "shop:v1",
  command: ["/app/shop"],
  user: "shop",
  network: "back",
  ports: [{ container_port: 80 }, { container_port: 81, host_port: 8080 }],
};

const refusal = (statusCode: number, text: string): Error =>
  Object.assign(new Error(`(HTTP code ${statusCode}) server error - ${text} `), { statusCode });

async function explained(statusCode: number, text: string): Promise<DamsonError> {
  const error = await startError(refusal(statusCode, text), nobody, SPEC);
  if (error instanceof DamsonError) return error;
  throw new Error("it was not explained", { cause: error });
}

const RUNC = "OCI runtime create failed: runc create failed: unable to start container process:";
const SHIM = `failed to create shim task: ${RUNC}`;
const OLD_RUNC = "OCI runtime create failed: container_linux.go:380: starting container process caused:";
const MOUNT_HINT =
  "unknown: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type";
const ENDPOINT = "driver failed programming external connectivity on endpoint shop (57f43937aa789e48ded9b5add8a622cb)";
const DOCKER_28 = "failed to set up container networking:";
const ID = "7b89f795b63e54f826bf404f0baf9a28d54b6cc9776f28f7ad44881038c671d4";

describe("what an engine says of a failed start", () => {
  it.each([
    [404, "No such image: shop:v1", "IMAGE_MISSING"],
    [404, "no such image: docker.io/library/shop:v1: image not known", "IMAGE_MISSING"],
    [400, `${SHIM} exec: "/app/shop": stat /app/shop: no such file or directory: unknown`, "COMMAND_NOT_FOUND"],
    [400, `${SHIM} exec: "shop": executable file not found in $PATH: unknown`, "COMMAND_NOT_FOUND"],
    [400, `${OLD_RUNC} exec: "shop": executable file not found in $PATH: unknown`, "COMMAND_NOT_FOUND"],
    [
      500,
      "crun: executable file `shop` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found",
      "COMMAND_NOT_FOUND",
    ],
    [400, `${SHIM} exec: "/etc/passwd": permission denied: unknown`, "COMMAND_NOT_EXECUTABLE"],
    [400, `${SHIM} exec: "/etc": is a directory: unknown`, "COMMAND_NOT_EXECUTABLE"],
    [500, "crun: open executable: Permission denied: OCI permission denied", "COMMAND_NOT_EXECUTABLE"],
    [500, "mkdir /var/lib/docker/overlay2/1-init: no space left on device", "NO_SPACE"],
    [500, "write /var/lib/docker/tmp/1: disk quota exceeded", "NO_SPACE"],
    [404, "network back not found", "NETWORK_MISSING"],
    [404, `${DOCKER_28} network back not found`, "NETWORK_MISSING"],
    [500, "container create: unable to find network with name or ID back: network not found", "NETWORK_MISSING"],
    [
      400,
      `${SHIM} error during container init: error mounting "/etc/hostname" to rootfs at "/tmp": mount /etc/hostname:/tmp (via /proc/self/fd/6), flags: 0x5000: not a directory: ${MOUNT_HINT}`,
      "VOLUME_INVALID",
    ],
    [
      400,
      `${SHIM} error during container init: error mounting "/srv/exec" to rootfs at "/data": stat /srv/exec: no such file or directory: unknown`,
      "VOLUME_INVALID",
    ],
    [
      500,
      "error while creating mount source path '/proc/exec': mkdir /proc/exec: no such file or directory",
      "VOLUME_INVALID",
    ],
    [400, "Duplicate mount point: /data", "VOLUME_INVALID"],
    [500, "fill out specgen: /data: duplicate mount destination", "VOLUME_INVALID"],
    [
      500,
      "make cli opts(): making volume mountpoint for volume /etc/hostname/x: mkdir /etc/hostname: not a directory",
      "VOLUME_INVALID",
    ],
    [400, "create a: volume name is too short, names should be at least two alphanumeric characters", "VOLUME_INVALID"],
    [
      500,
      "invalid volume specification: '/tmp:/': invalid mount config for type \"bind\": invalid specification: destination can't be '/'",
      "VOLUME_INVALID",
    ],
    [500, "Cannot mkdir: /etc/passwd is not a directory", "WORKING_DIR_MISSING"],
    [500, `workdir "/etc/passwd" exists on container ${ID}, but is not a directory`, "WORKING_DIR_MISSING"],
    [500, "unable to find user shop: no matching entries in passwd file", "USER_UNKNOWN"],
    [500, "unable to find group shop: no matching entries in group file", "USER_UNKNOWN"],
    [
      409,
      `Conflict. The container name "/plum-app-shop" is already in use by container "${ID}". You have to remove (or rename) that container to be able to reuse that name.`,
      "CONTAINER_NAME_TAKEN",
    ],
    [
      500,
      `container create: creating container storage: the container name "plum-app-shop" is already in use by ${ID}. You have to remove that container to be able to reuse that name: that name is already in use`,
      "CONTAINER_NAME_TAKEN",
    ],
  ])("%i %s is %3$s", async (status, text, code) => {
    const error = await explained(status, text);
    expect(error).toMatchObject({ code, remedy: expect.any(String) });
    expect(error.status).toBeGreaterThanOrEqual(400);
    expect(error.message).not.toMatch(/undefined|HTTP code/);
    for (const { path, message } of error.issues ?? [])
      expect([path, message]).toEqual([expect.any(String), error.message]);
  });

  it.each([
    `${ENDPOINT}: Bind for 0.0.0.0:8080 failed: port is already allocated`,
    `${ENDPOINT}: Bind for :::8080 failed: port is already allocated`,
    `${ENDPOINT}: Error starting userland proxy: listen tcp4 0.0.0.0:8080: bind: address already in use`,
    `${ENDPOINT}: Error starting userland proxy: listen tcp4 127.0.0.1:8080: bind: address already in use`,
    `${ENDPOINT}: Error starting userland proxy: listen tcp6 [::1]:8080: bind: address already in use`,
    `${ENDPOINT}: Error starting userland proxy: listen tcp6 [fe80::20:1]:8080: bind: address already in use`,
    `${DOCKER_28} ${ENDPOINT}: Bind for 0.0.0.0:8080 failed: port is already allocated`,
    `${DOCKER_28} ${ENDPOINT}: failed to bind host port for 0.0.0.0:8080:172.17.0.2:80/tcp: address already in use`,
    `${DOCKER_28} ${ENDPOINT}: failed to bind host port 0.0.0.0:8080/tcp: address already in use`,
    "cannot listen on the TCP port: listen tcp4 :8080: bind: address already in use",
    "cannot listen on the TCP port: listen tcp6 [::1]:8080: bind: address already in use",
  ])("names the port: %s", async (text) => {
    expect(await explained(500, text)).toMatchObject({
      code: "HOST_PORT_TAKEN",
      status: 409,
      retryable: true,
      message: "port 8080 of the host is taken by another program",
      issues: [{ path: "pkg.ports[1].host_port" }],
    });
  });

  it("is shown as it is when it is not known", async () => {
    expect(await explained(400, "something - else")).toMatchObject({
      code: "ENGINE_REFUSED",
      status: 422,
      message: "the container engine refused: something - else",
    });
    expect(await explained(500, "something broke")).toMatchObject({ code: "ENGINE_REFUSED", status: 502 });
  });

  it("names the image's own program where the package gives none", async () => {
    const text = `${SHIM} exec: "shop": executable file not found in $PATH: unknown`;
    const error = await startError(refusal(400, text), nobody, { image: "shop:v1" });
    expect(error).toMatchObject({ message: "its program is not in the image shop:v1" });
  });

  it("leaves alone what the engine has not said", async () => {
    const error = new Error("no such image: it is only called so");
    expect(await startError(error, nobody, SPEC)).toBe(error);
  });
});
