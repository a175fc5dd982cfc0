import { errorText, type Handle, type Logger } from "@damson/plugin-sdk";
import pLimit from "p-limit";
import type { Agent } from "../agent.ts";
import type { App } from "../app.ts";
import { assignmentOf, revisionOf } from "../document.ts";
import type { ServiceSettings } from "../schema/apply.ts";
import { GatedWorker } from "./gated-worker.ts";
import { isFinal } from "./is-final.ts";
import type { ControllerApi, ServiceEndpoint } from "./protocol.ts";

const AT_ONCE = 4;
const COLLECT_MS = 50;

/** What a {@link ServiceRegistrar} needs. */
export interface ServiceRegistrarParts {
  readonly agent: Agent;
  readonly api: ControllerApi;
  readonly log: Logger;
  /** Whether another controller's store has assigned the app: this one knows nothing of it. */
  isLeft(name: string): boolean;
  /** The address that the node advertises. */
  ip(): string | undefined;
}

/** Registers the services of assigned apps once they are healthy, and takes them back when they have ended. */
export class ServiceRegistrar {
  readonly #parts: ServiceRegistrarParts;
  readonly #worker: GatedWorker;
  readonly #waiting = new Set<string>();
  /** By instance, what the controller was told: its endpoints, or none. */
  readonly #told = new Map<string, string>();
  #unlisten: () => void = () => undefined;

  constructor(parts: ServiceRegistrarParts) {
    this.#parts = parts;
    this.#worker = new GatedWorker({
      collectMs: COLLECT_MS,
      work: (signal) => this.#bringAbout(signal),
      failed: (reason, attempt) => {
        if (attempt === 1) parts.log.warn(`Services wait, since they cannot be registered: ${reason}`);
      },
    });
  }

  open(): void {
    this.#worker.open();
  }

  close(): void {
    this.#worker.close();
  }

  /** Whoever answers from now on may know nothing. */
  tellAll(): void {
    this.#told.clear();
    for (const app of this.#parts.agent.apps()) if (servicesOf(app).length > 0) this.#note(app.name);
  }

  async run(signal: AbortSignal): Promise<void> {
    this.#unlisten = this.#parts.agent.onChange((app) => {
      if (this.#told.has(app.name) || servicesOf(app).length > 0) this.#note(app.name);
    });
    await this.#worker.run(signal).finally(() => this.#unlisten());
  }

  #note(name: string): void {
    this.#waiting.add(name);
    this.#worker.poke();
  }

  async #bringAbout(signal: AbortSignal): Promise<void> {
    const limit = pLimit(AT_ONCE);
    const names = [...this.#waiting];
    this.#waiting.clear();
    const results = await Promise.allSettled(names.map((name) => limit(() => this.#tell(name, signal))));
    const failed = results.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
  }

  async #tell(name: string, signal: AbortSignal): Promise<void> {
    const { agent, api, log } = this.#parts;
    const wanted = this.#wanted(agent.find(name));
    if (wanted === "as it is" || wanted === this.#told.get(name)) return;
    if (!this.#worker.isOpen || signal.aborted) return void this.#waiting.add(name);
    try {
      if (wanted === "") await api.deregister(name, signal);
      else await api.register(JSON.parse(wanted), signal);
    } catch (thrown) {
      if (!isFinal(thrown)) {
        this.#waiting.add(name);
        throw thrown;
      }
      log.error({ app: name }, `The controller refuses its services: ${errorText(thrown)}`);
    }
    this.#told.set(name, wanted);
  }

  /** Its registration, empty for none. One that is unhealthy stays registered: its status says that it is. */
  #wanted(app: App | undefined): string {
    const services = app && !this.#parts.isLeft(app.name) ? servicesOf(app) : [];
    const supervisor = app?.supervisor(app.name);
    if (!app || services.length === 0 || !supervisor) return "";
    // Of what cannot be seen, and what an earlier agent has left, nobody knows that it has ended.
    if (!supervisor.recovered || supervisor.unseen !== undefined) return "as it is";
    if (!supervisor.running || supervisor.phase === "stopping") return "";
    const ip = this.#parts.ip();
    if (!supervisor.view.healthy || ip === undefined) return "as it is";
    const endpoints = services.map((service) => endpointOf(service, supervisor.run?.handle));
    return JSON.stringify({ instanceId: app.name, nodeId: this.#parts.agent.identity.nodeId, ip, endpoints });
  }
}

function servicesOf({ document: { value } }: App): readonly ServiceSettings[] {
  return assignmentOf(value) ? (revisionOf(value, value.current).spec.services ?? []) : [];
}

/** A port inside a container is reached by the host's. */
function endpointOf({ name, port, protocol, version, labels }: ServiceSettings, handle?: Handle): ServiceEndpoint {
  const ports = handle?.unit.ports ?? [];
  const mapped = ports.some(({ host_port }) => host_port === port)
    ? undefined
    : ports.find(({ container_port }) => container_port === port);
  return {
    serviceName: name,
    port: mapped?.host_port ?? port,
    protocol: protocol ?? "http",
    ...(version === undefined ? {} : { version }),
    ...(labels === undefined ? {} : { labels }),
  };
}
