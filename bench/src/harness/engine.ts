import type { IncomingMessage } from "node:http";
import { type Call, call, callStream, callText } from "./http.ts";
import type { Scratch } from "./scratch.ts";

/** Where the engine listens, as DOCKER_HOST says; `undefined` without an engine on this machine. */
export const ENGINE_SOCKET: string | undefined = /^unix:\/\/(\/.+)$/.exec(process.env.DOCKER_HOST ?? "")?.[1];
/** An image with `sh`, `sleep`, `yes` and `head`. */
export const IMAGE = process.env.DAMSON_TEST_IMAGE ?? "testbed/busybox:1";

/** By which the runtime's containers are known. */
const OWNER_LABEL = "damson.owner";

/** What is looked at of a container. */
export interface ContainerFacts {
  readonly Config: { readonly Labels: Readonly<Record<string, string>> } & Readonly<Record<string, unknown>>;
  readonly HostConfig: object;
  readonly State: { readonly Pid: number };
}

/** A Docker Engine by its plain API, without a client library, over connections that are kept. */
export class RawEngine {
  readonly #socketPath: string;

  constructor() {
    if (ENGINE_SOCKET === undefined) throw new Error("DOCKER_HOST is not set to unix:// and the path of a socket");
    this.#socketPath = ENGINE_SOCKET;
  }

  /** Makes a container and starts it; returns its id. */
  async run(body: object): Promise<string> {
    const { Id } = await this.#json<{ Id: string }>("/containers/create", { method: "POST", body });
    await this.#text(`/containers/${Id}/start`, { method: "POST" });
    return Id;
  }

  inspect(id: string): Promise<ContainerFacts> {
    return this.#json(`/containers/${id}/json`);
  }

  /** All of its log, in the engine's frames, with the time of each line. */
  logs(id: string): Promise<IncomingMessage> {
    return callStream(urlOf(`/containers/${id}/logs?stdout=1&stderr=1&timestamps=1`), { socketPath: this.#socketPath });
  }

  async remove(id: string): Promise<void> {
    await this.#text(`/containers/${id}?force=1&v=1`, { method: "DELETE" });
  }

  /** For the report. */
  async version(): Promise<string> {
    const { Version } = await this.#json<{ Version: string }>("/version");
    return Version;
  }

  /** Has all containers of an owner removed when `scratch` is cleaned: give it before whatever makes them. */
  removeAtEnd(scratch: Scratch, owner: string): void {
    scratch.onClean(async () => {
      const filters = encodeURIComponent(JSON.stringify({ label: [`${OWNER_LABEL}=${owner}`] }));
      const found = await this.#json<readonly { Id: string }[]>(`/containers/json?all=1&filters=${filters}`);
      await Promise.all(found.map(({ Id }) => this.remove(Id)));
    });
  }

  /** The body that makes a container like this one, for another owner. */
  async likeness(id: string, owner: string): Promise<object> {
    const { Config, HostConfig } = await this.inspect(id);
    const { Image, Entrypoint, Cmd, Env } = Config;
    return { Image, Entrypoint, Cmd, Env, Labels: { ...Config.Labels, [OWNER_LABEL]: owner }, HostConfig };
  }

  #json<T>(path: string, options: Call = {}): Promise<T> {
    return call(urlOf(path), { ...options, socketPath: this.#socketPath });
  }

  #text(path: string, options: Call): Promise<string> {
    return callText(urlOf(path), { ...options, socketPath: this.#socketPath });
  }
}

/** An owner that nobody else has. */
export function benchOwner(): string {
  return `bench-${process.pid}`;
}

/** What an agent is started with that runs containers of this owner. */
export function dockerAgent(owner: string): { plugin: string; id: string } {
  return { plugin: "@damson/runtime-docker", id: owner };
}

/** Apply document of an app whose container sleeps. */
export function containerApp(app: string, network: string): object {
  return { app, version: "1", pkg: sleepingPackage(network) };
}

/** A package whose container sleeps. */
export function sleepingPackage(network: string) {
  return { type: "docker", image: IMAGE, command: ["/bin/sleep"], args: ["100000"], network, pull_policy: "never" };
}

function urlOf(path: string): string {
  return `http://engine${path}`;
}
