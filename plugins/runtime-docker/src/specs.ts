import { existsSync } from "node:fs";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { Artifacts, checkSource, readArtifactMeta } from "@damson/artifact";
import type { Instance, Logger, ReportProgress } from "@damson/plugin-sdk";
import type { DockerConfig } from "./config.ts";
import type { Engine } from "./engine/engine.ts";
import { HostPaths } from "./host-paths.ts";
import type { NodeSettings } from "./settings.ts";
import type { Bind, ContainerSpec } from "./spec/container.ts";
import type { LogSettings } from "./spec/log-config.ts";
import { type ContainerArtifact, type DockerPackage, packages } from "./spec/package-schema.ts";
import type { Containers } from "./unit/containers.ts";

/** Where an artifact is in its container. */
const APP = "/app";
const START = ["./start.sh"];
/** Where programs in an artifact find its own libraries, as Plum has it. */
const LIBRARY_PATH = "/app/lib:/usr/lib:/lib";

/** What {@link Specs} needs. */
export interface SpecsParts {
  readonly engine: Engine;
  readonly containers: Containers;
  readonly directory: string;
  readonly config: DockerConfig;
  readonly settings: NodeSettings;
  readonly log: Logger;
}

/** Turns packages into what containers are made from: with the node's settings, and for artifacts with their files. */
export class Specs {
  readonly #engine: Engine;
  readonly #settings: NodeSettings;
  readonly #log: Logger;
  readonly #artifacts: Artifacts;
  readonly #hostPaths: HostPaths;
  readonly #directory: string;

  constructor({ engine, containers, directory, config, settings, log }: SpecsParts) {
    this.#engine = engine;
    this.#settings = settings;
    this.#log = log;
    this.#directory = directory;
    this.#hostPaths = new HostPaths(engine, containers);
    this.#artifacts = new Artifacts({
      cache: join(directory, "artifacts"),
      instances: join(directory, "instances"),
      log,
      config: config.artifacts,
    });
  }

  /** How logs are kept where a package does not say. */
  async logs(): Promise<LogSettings> {
    const { kind } = await this.#engine.known();
    return { ...this.#settings.logs, driver: kind === "podman" ? "k8s-file" : "local" };
  }

  /** What is known before anything was fetched. */
  async admit({ pkg }: Instance): Promise<ContainerSpec> {
    const known = packages.read(pkg);
    if (known.type === "artifact") {
      await checkSource(known);
      // Where its copy will be: told now, and not only when it cannot be started.
      if (this.#engine.health.usable) await this.#hostPaths.of(this.#directory);
    }
    return this.#ofPackage(known);
  }

  /** Fetches what the package needs beside its image. */
  async prepare(instance: Instance, report: ReportProgress, signal: AbortSignal): Promise<ContainerSpec> {
    const pkg = packages.read(instance.pkg);
    if (pkg.type === "artifact") {
      await this.#artifacts.prepare(instance, pkg, { giveTo: numericUser(pkg.user) }, report, signal);
    }
    return this.#ofPackage(pkg);
  }

  /** All that the container of a prepared run is made from. */
  async ofPrepared({ pkg, instanceId, run }: Instance): Promise<ContainerSpec> {
    const known = packages.read(pkg);
    const spec = this.#ofPackage(known);
    if (known.type !== "artifact") return spec;
    const directory = await this.#artifacts.directory(instanceId, run);
    const app = { source: await this.#hostPaths.of(directory), target: APP, readOnly: false };
    const hasLibraries = await access(join(directory, "lib")).then(
      () => true,
      () => false,
    );
    const { services } = await readArtifactMeta(directory);
    const isPublished = spec.network !== "host" && spec.network !== "none";
    return {
      ...spec,
      environment: { ...(hasLibraries ? { LD_LIBRARY_PATH: LIBRARY_PATH } : {}), ...spec.environment },
      binds: [app, ...(await this.#hostLibraries())],
      // Like Plum: what an artifact says that it listens on can be reached at the same port of the host.
      ...(known.ports === undefined && isPublished
        ? { ports: services.map(({ port }) => ({ container_port: port, host_port: port })) }
        : {}),
    };
  }

  /** Gives up what was unpacked for earlier runs; none of them runs any more. */
  async forgetOthers({ pkg, instanceId, run }: Instance): Promise<void> {
    if (pkg.type === "artifact") await this.#artifacts.removeOthers(instanceId, run);
  }

  remove(instanceId: string): Promise<void> {
    return this.#artifacts.remove(instanceId);
  }

  prune(): Promise<void> {
    return this.#artifacts.prune();
  }

  #ofPackage(pkg: DockerPackage | ContainerArtifact): ContainerSpec {
    const { environment, memoryLimit, cpuLimit, network, baseImage } = this.#settings;
    const { type, resources, ...own } = pkg;
    const limits = {
      ...(memoryLimit === undefined ? {} : { memory_limit: memoryLimit }),
      ...(cpuLimit === undefined ? {} : { cpu_limit: cpuLimit }),
    };
    return {
      ...(network === undefined ? {} : { network }),
      ...own,
      environment: { ...environment, ...pkg.environment },
      resources: { ...limits, ...resources },
      ...(type === "artifact" ? { image: pkg.image ?? baseImage, ...startOf(pkg) } : { image: pkg.image }),
    };
  }

  async #hostLibraries(): Promise<Bind[]> {
    const areOwn = await this.#hostPaths.areOwn();
    return this.#settings.hostLibPaths.flatMap((path) => {
      if (!areOwn || existsSync(path)) return [{ source: path, target: path, readOnly: true }];
      this.#log.warn({ path }, "a path of PLUM_HOST_LIB_PATHS is not there, and is left out");
      return [];
    });
  }
}

/** An artifact's program is one of its files, whatever the base image would run. */
function startOf({
  command = START,
  working_dir = APP,
}: ContainerArtifact): Pick<ContainerSpec, "command" | "working_dir"> {
  return { command: [...command], working_dir };
}

/** The ids in a `user` of numbers: who else it is, only the image knows. */
function numericUser(user: string | undefined): { uid: number; gid: number } | undefined {
  const [, uid, gid = uid] = /^(\d+)(?::(\d+))?$/.exec(user ?? "") ?? [];
  return uid === undefined || process.getuid?.() !== 0 ? undefined : { uid: Number(uid), gid: Number(gid) };
}
