import { readFile } from "node:fs/promises";
import { DamsonError } from "@damson/plugin-sdk";
import type { ContainerInspectInfo } from "dockerode";
import type { Engine } from "./engine/engine.ts";
import type { Containers } from "./unit/containers.ts";

/** Files that an engine mounts into every container, from a folder that has the container's id as its name. */
const ENGINE_FILES = ["/etc/hostname", "/etc/hosts", "/etc/resolv.conf"];

/**
 * Where the agent's own files are for the engine, which resolves what is mounted: on its host. They differ when the agent
 * itself runs in a container.
 */
export class HostPaths {
  readonly #engine: Engine;
  readonly #containers: Containers;
  readonly #mountInfo: string;

  constructor(engine: Engine, containers: Containers, mountInfo = "/proc/self/mountinfo") {
    this.#engine = engine;
    this.#containers = containers;
    this.#mountInfo = mountInfo;
  }

  /**
   * The path on the engine's host of a path of the agent.
   *
   * @throws DamsonError `HOST_PATH_UNKNOWN` (422) when the engine's host cannot see it
   */
  async of(path: string): Promise<string> {
    if (!("socketPath" in this.#engine.address)) {
      throw unknownPath(path, "the engine is on another machine", "Give the agent an engine of its own machine.");
    }
    const own = ownContainerId(await readFile(this.#mountInfo, "utf8").catch(() => ""));
    if (own === undefined) return path;
    const container = await this.#containers.inspect(own);
    if (!container) {
      throw unknownPath(
        path,
        "the agent runs in a container that this engine does not know",
        "Give the agent the socket of the engine that runs it.",
      );
    }
    const mapped = throughMounts(container.Mounts, path);
    if (mapped !== undefined) return mapped;
    throw unknownPath(
      path,
      "it is inside the agent's own container, and in none of its volumes",
      "Mount a volume or a directory of the host as the agent's work directory, e.g. -v damson:/var/lib/damson.",
    );
  }

  /** Whether the agent sees the files of the engine's host as they are. */
  async areOwn(): Promise<boolean> {
    return ownContainerId(await readFile(this.#mountInfo, "utf8").catch(() => "")) === undefined;
  }
}

/** The id of the container that this process runs in, by its mounts; `undefined` outside of one. */
export function ownContainerId(mountInfo: string): string | undefined {
  for (const line of mountInfo.split("\n")) {
    const [, , , root = "", target = ""] = line.split(" ");
    const id = ENGINE_FILES.includes(target) ? /\/([0-9a-f]{64})\//.exec(root)?.[1] : undefined;
    if (id !== undefined) return id;
  }
  return undefined;
}

/** The innermost mount that holds the path decides. */
function throughMounts(mounts: ContainerInspectInfo["Mounts"], path: string): string | undefined {
  const holds = ({ Destination }: { Destination: string }): boolean =>
    `${path}/`.startsWith(`${Destination.replace(/\/$/, "")}/`);
  const innermost = mounts.filter(holds).toSorted((a, b) => b.Destination.length - a.Destination.length)[0];
  // What is in memory has no path on the host.
  if (!innermost || (innermost.Type !== "bind" && innermost.Type !== "volume")) return undefined;
  return innermost.Source + path.slice(innermost.Destination.replace(/\/$/, "").length);
}

function unknownPath(path: string, why: string, remedy: string): DamsonError {
  return new DamsonError("HOST_PATH_UNKNOWN", `${path} cannot be mounted into a container: ${why}`, {
    status: 422,
    remedy,
  });
}
