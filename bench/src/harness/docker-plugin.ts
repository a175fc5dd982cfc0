import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { DockerRuntime } from "@damson/runtime-docker";
import type { Scratch } from "./scratch.ts";

/** The runtime that the agent has, in this process, ready to start containers of `owner`. */
export async function openDockerRuntime(scratch: Scratch, bin: string, owner: string): Promise<DockerRuntime> {
  const path = createRequire(bin).resolve("@damson/runtime-docker");
  const { createDockerRuntime }: typeof import("@damson/runtime-docker") = await import(pathToFileURL(path).href);
  const silent = (): void => undefined;
  const runtime = createDockerRuntime({
    owner,
    log: { debug: silent, info: silent, warn: silent, error: silent },
    directory: scratch.path("docker-runtime"),
    pulled: { value: { images: {} }, update: async () => undefined },
    env: process.env,
  });
  scratch.onClean(async () => runtime.close());
  const health = await runtime.check();
  if (!health.usable) throw new Error(health.reason);
  return runtime;
}
