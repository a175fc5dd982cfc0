import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addressText, DEFAULT_SOCKET, type DockerVariables, engineAddress } from "./address.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "damson-address-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const writeCertificates = (...names: string[]) => {
  for (const name of names) writeFileSync(join(folder, `${name}.pem`), `${name} text`);
};
const TLS = { ca: "ca text", cert: "cert text", key: "key text" };
const refused = (mention: RegExp) =>
  expect.objectContaining({
    code: "DOCKER_HOST_INVALID",
    message: expect.stringMatching(mention),
    remedy: expect.any(String),
  });

describe("where the engine is", () => {
  it.each<[string | undefined, DockerVariables, string]>([
    [undefined, {}, DEFAULT_SOCKET],
    [undefined, { DOCKER_HOST: "" }, DEFAULT_SOCKET],
    [undefined, { DOCKER_HOST: "unix:///run/user/1000/docker.sock" }, "/run/user/1000/docker.sock"],
    ["/run/podman.sock", { DOCKER_HOST: "unix:///run/docker.sock" }, "/run/podman.sock"],
    ["/run/podman.sock", { DOCKER_HOST: "nonsense" }, "/run/podman.sock"],
  ])("socket_path %j, %j: %s", (socketPath, env, expected) => {
    const address = engineAddress(socketPath, env);
    expect(address).toEqual({ socketPath: expected });
    expect(addressText(address)).toBe(expected);
  });

  it.each([
    ["tcp://10.0.0.1:2375", { host: "10.0.0.1", port: 2375 }],
    ["tcp://docker", { host: "docker", port: 2375 }],
    ["tcp://docker:1234/", { host: "docker", port: 1234 }],
  ])("%s", (DOCKER_HOST, expected) => {
    const address = engineAddress(undefined, { DOCKER_HOST });
    expect(address).toEqual(expected);
    expect(addressText(address)).toBe(`tcp://${expected.host}:${expected.port}`);
  });

  it("of an address of IPv6 is without the brackets", () => {
    const address = engineAddress(undefined, { DOCKER_HOST: "tcp://[fd00::1]:2375" });
    expect(address).toEqual({ host: "fd00::1", port: 2375 });
    expect(addressText(address)).toBe("tcp://[fd00::1]:2375");
  });

  it.each([
    [{ DOCKER_HOST: "tcp://docker", DOCKER_TLS_VERIFY: "1" }, 2376],
    [{ DOCKER_HOST: "tcp://docker:2376" }, 2376],
    [{ DOCKER_HOST: "tcp://docker:9999", DOCKER_TLS_VERIFY: "1" }, 9999],
  ])("with TLS: %j", (env, port) => {
    writeCertificates("ca", "cert", "key");
    const address = engineAddress(undefined, { ...env, DOCKER_CERT_PATH: folder });
    expect(address).toEqual({ host: "docker", port, tls: TLS });
  });

  it("needs its certificates for TLS", () => {
    const env = { DOCKER_HOST: "tcp://docker:2376" };
    expect(() => engineAddress(undefined, env)).toThrow(refused(/DOCKER_CERT_PATH is not set/));
    writeCertificates("ca", "cert");
    expect(() => engineAddress(undefined, { ...env, DOCKER_CERT_PATH: folder })).toThrow(refused(/cannot be read/));
  });

  it.each([
    "docker.sock",
    "/var/run/docker.sock",
    "http://docker:2375",
    "ssh://root@docker",
    "tcp://",
    "unix://docker.sock",
    "npipe:////./pipe/docker",
  ])("is not %s", (DOCKER_HOST) => {
    expect(() => engineAddress(undefined, { DOCKER_HOST })).toThrow(refused(/DOCKER_HOST cannot be used/));
  });
});
