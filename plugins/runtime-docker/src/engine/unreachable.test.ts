import { isRuntimeUnavailable } from "@damson/plugin-sdk";
import { describe, expect, it } from "vitest";
import { tooSlow, unreachable } from "./unreachable.ts";

const socket = { socketPath: "/run/docker.sock" };
const remote = { host: "docker", port: 2375 };
const systemError = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

describe("an engine that does not answer", () => {
  it.each([
    ["ENOENT", socket, /no container engine at \/run\/docker\.sock$/, /socket_path/],
    ["ENOTFOUND", remote, /no container engine at tcp:\/\/docker:2375$/, /DOCKER_HOST/],
    ["EACCES", socket, /user may not use .*\/run\/docker\.sock$/, /group that owns \/run\/docker\.sock/],
    ["EPERM", remote, /user may not use/, /Allow/],
    ["ECONNREFUSED", socket, /does not run$/, /Start it/],
    ["ECONNRESET", socket, /cannot be reached: connect ECONNRESET/, undefined],
    ["EPIPE", socket, /cannot be reached/, undefined],
    ["ETIMEDOUT", remote, /cannot be reached/, undefined],
    ["EHOSTUNREACH", remote, /cannot be reached/, undefined],
  ])("by %s says why", (code, address, message, remedy) => {
    const cause = systemError(code);
    const error = unreachable(cause, address);
    expect(isRuntimeUnavailable(error)).toBe(true);
    expect(error).toMatchObject({ status: 503, retryable: true, cause, message: expect.stringMatching(message) });
    if (remedy) expect(error?.remedy).toMatch(remedy);
  });

  it.each(["aborted", "socket hang up"])("breaks off: %s", (message) => {
    expect(unreachable(new Error(message), socket)?.message).toContain("cannot be reached");
  });

  it("or that answers with noise says so", () => {
    const error = unreachable(new SyntaxError("Unexpected token"), socket);
    expect(isRuntimeUnavailable(error)).toBe(true);
    expect(error?.message).toMatch(/what is no JSON$/);
  });

  it("is not one that answers no, nor any other fault", () => {
    expect(unreachable(Object.assign(new Error("no such container"), { statusCode: 404 }), socket)).toBeUndefined();
    expect(unreachable(systemError("ENOSPC"), socket)).toBeUndefined();
    expect(unreachable("ENOENT", socket)).toBeUndefined();
    expect(unreachable(undefined, socket)).toBeUndefined();
  });

  it("in time says what was asked and how long was waited", () => {
    const error = tooSlow(socket, "about a container", 10_000);
    expect(isRuntimeUnavailable(error)).toBe(true);
    expect(error.message).toBe(
      "the container engine at /run/docker.sock has not answered about a container within 10 s",
    );
  });
});
