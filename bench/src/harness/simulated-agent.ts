import { type Agent, type ClientRequest, get, type IncomingMessage } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { FleetHttp } from "./fleet-http.ts";

/** An assignment, as far as a simulated agent looks at it. */
interface Item {
  readonly instanceId: string;
  readonly desired: string;
  readonly specVersion: number;
}

/** What {@link SimulatedAgent} tells of its calls. */
export interface FleetObserver {
  /** A heartbeat was answered after so many milliseconds. */
  heartbeat(ms: number): void;
  failed(what: string, error: unknown): void;
}

const RETRY_MS = 500;
/** Any digest does: the controller asks for the schema, and gets none. */
const SCHEMA = "0".repeat(64);

/** Says what an agent says to its controller, over real HTTP, and runs nothing: every instance is healthy at once. */
export class SimulatedAgent {
  readonly nodeId: string;
  /** Heartbeats do not wait for what else is said: each real agent has connections of its own. */
  readonly #beats: FleetHttp;
  readonly #http: FleetHttp;
  readonly #observer: FleetObserver;
  #stream: ClientRequest | undefined;
  #tag: string | undefined;
  #seen: { controllerId: string; revision: number; instances: string[] } | undefined;
  #reported = new Map<string, string>();
  #seq = 0;
  #told = false;
  #fetching: Promise<void> | undefined;
  #again = false;

  constructor(nodeId: string, { beats, http }: { beats: FleetHttp; http: FleetHttp }, observer: FleetObserver) {
    this.nodeId = nodeId;
    this.#beats = beats;
    this.#http = http;
    this.#observer = observer;
  }

  /** Registers, and opens its stream. */
  async join(streams: Agent): Promise<void> {
    await this.heartbeat();
    const path = `${this.#http.url}/v1/stream?nodeId=${this.nodeId}`;
    this.#stream = get(path, { agent: streams, headers: { accept: "text/event-stream" } }, (response) =>
      this.#listen(response),
    ).on("error", (error) => this.#observer.failed("stream", error));
  }

  async heartbeat(): Promise<void> {
    const facts = this.#told
      ? {}
      : {
          version: "bench",
          capacity: { cpu: 64, memory: 2 ** 38 },
          runtimes: [{ name: "process", usable: true, packageTypes: { binary: SCHEMA } }],
        };
    const agent = { owner: `bench-${this.nodeId}`, ...facts, ...(this.#seen && { seen: this.#seen }) };
    const begin = performance.now();
    try {
      await this.#beats.call("POST", "/v1/nodes/heartbeat", {
        nodeId: this.nodeId,
        ip: "127.0.0.1",
        labels: {},
        agent,
      });
      this.#observer.heartbeat(performance.now() - begin);
      this.#told = true;
    } catch (error) {
      this.#observer.failed("heartbeat", error);
    }
  }

  leave(): void {
    this.#stream?.destroy();
  }

  #listen(response: IncomingMessage): void {
    response.setEncoding("utf8").on("data", (text: string) => {
      if (text.includes("event:")) this.#fetch();
    });
    response.on("error", () => undefined);
  }

  /** One fetch at a time; a nudge meanwhile leads to another one. */
  #fetch(): void {
    this.#again = true;
    this.#fetching ??= this.#fetchAll().finally(() => {
      this.#fetching = undefined;
    });
  }

  async #fetchAll(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      await this.#fetchOnce().catch(async (error: unknown) => {
        this.#observer.failed("fetch", error);
        this.#tag = undefined;
        this.#again = true;
        await delay(RETRY_MS);
      });
    }
  }

  async #fetchOnce(): Promise<void> {
    const path = `/v1/assignments?nodeId=${this.nodeId}&include=apply`;
    const { status, body, tag } = await this.#http.call("GET", path, undefined, this.#tag);
    if (status === 304) return;
    const { items, controllerId, revision } = JSON.parse(body);
    this.#tag = tag;
    await this.#report(items);
    this.#seen = { controllerId, revision, instances: items.map(({ instanceId }: Item) => instanceId) };
  }

  async #report(items: readonly Item[]): Promise<void> {
    const now = new Map(items.map((item) => [item.instanceId, `${item.desired} ${item.specVersion}`]));
    const changed = items.filter(({ instanceId }) => this.#reported.get(instanceId) !== now.get(instanceId));
    if (changed.length === 0) return;
    const statuses = changed.map(({ instanceId, desired, specVersion }) => {
      this.#seq += 1;
      return { instanceId, phase: desired, healthy: desired === "Running", specVersion, seq: this.#seq, tsUnix: 0 };
    });
    await this.#http.call("POST", "/v1/instances/status", { nodeId: this.nodeId, statuses });
    this.#reported = now;
  }
}
