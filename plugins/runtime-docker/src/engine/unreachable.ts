import { type DamsonError, errorText, runtimeUnavailable } from "@damson/plugin-sdk";
import { addressText, type EngineAddress } from "./address.ts";

/** What the system says when nobody answers. */
const CODES = [
  "ENOENT",
  "ECONNREFUSED",
  "EACCES",
  "EPERM",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENOTFOUND",
];

/** The error of an engine that did not answer, or only with noise, in plain words; `undefined` when it did answer. */
export function unreachable(error: unknown, address: EngineAddress): DamsonError | undefined {
  if (error instanceof SyntaxError) return noise(address, error);
  const code = codeOf(error);
  if (code === undefined) return undefined;
  const at = addressText(address);
  const socket = "socketPath" in address;
  if (code === "ENOENT" || code === "ENOTFOUND") {
    return runtimeUnavailable(`there is no container engine at ${at}`, {
      remedy:
        "Install and start Docker or Podman, or say where its socket is: socket_path in plugins.yaml, or DOCKER_HOST.",
      cause: error,
    });
  }
  if (code === "EACCES" || code === "EPERM") {
    return runtimeUnavailable(`the agent's user may not use the container engine at ${at}`, {
      remedy: socket
        ? `Add the agent's user to the group that owns ${at} (often "docker"), and start the agent anew. Members of it are as mighty as root.`
        : "Allow the agent to reach it.",
      cause: error,
    });
  }
  if (code === "ECONNREFUSED") {
    return runtimeUnavailable(`the container engine at ${at} does not run`, {
      remedy: "Start it, for example with `systemctl start docker`.",
      cause: error,
    });
  }
  return runtimeUnavailable(`the container engine at ${at} cannot be reached: ${errorText(error)}`, { cause: error });
}

/** The error of an engine whose answer is no JSON: something else may stand between. */
export function noise(address: EngineAddress, cause?: unknown): DamsonError {
  return runtimeUnavailable(`the container engine at ${addressText(address)} has answered with what is no JSON`, {
    remedy: "See the engine's log, and that of any proxy before it.",
    cause,
  });
}

/** The error of an engine that has not answered in time. */
export function tooSlow(address: EngineAddress, what: string, ms: number): DamsonError {
  return runtimeUnavailable(
    `the container engine at ${addressText(address)} has not answered ${what} within ${ms / 1_000} s`,
    {
      remedy: "See the engine's log.",
    },
  );
}

/** A connection that broke off while the engine answered has no code of its own. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  if (code !== undefined && CODES.includes(code)) return code;
  return error.message === "aborted" || error.message === "socket hang up" ? "ECONNRESET" : undefined;
}
