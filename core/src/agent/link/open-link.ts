import { isIP } from "node:net";
import { join } from "node:path";
import type { Logger } from "@damson/plugin-sdk";
import type { Registry } from "prom-client";
import type { Agent } from "../agent.ts";
import { controllerCalls } from "./controller-calls.ts";
import { ControllerLink } from "./controller-link.ts";
import { linkMetrics } from "./link-metrics.ts";
import { LinkLedger } from "./link-record.ts";
import { machineCapacity } from "./node-facts.ts";
import { outboundAddress } from "./outbound-address.ts";

/** The controller that an agent joins, and what it tells of the node. */
export interface ControllerOptions {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token?: string | undefined;
  /** Address by which the node is reached. @default that by which it reaches the controller */
  readonly ip?: string | undefined;
  readonly labels?: Readonly<Record<string, string>>;
  /** Cores, and bytes. @default the machine's */
  readonly capacity?: { readonly cpu?: number; readonly memory?: number };
  /** How long, after a start, assigned apps that do not run wait for the controller. @default 30 s */
  readonly holdMs?: number | undefined;
  /** How soon a list is carried out again of which something is not as it should be. @default 30 s */
  readonly againMs?: number | undefined;
}

/** A link that is not started yet. */
export interface OpenedLink {
  readonly link: ControllerLink;
  readonly metrics: Registry;
  /** @param url where the agent's own API answers */
  start(url: string): void;
  close(): Promise<void>;
}

/** Opens what a link keeps on disk, and makes the link. Nothing is sent yet. */
export async function openLink({
  controller,
  agent,
  workDir,
  log,
  version,
}: {
  readonly controller: ControllerOptions;
  readonly agent: Agent;
  readonly workDir: string;
  readonly log: Logger;
  readonly version: string;
}): Promise<OpenedLink> {
  const file = join(workDir, "controller.json");
  const ledger = await LinkLedger.open(file, new Date(), (reason) =>
    log.error({ file }, `Set aside what was known of the controller: ${reason}`),
  );
  const { url, token, labels = {} } = controller;
  const capacity = { ...machineCapacity(), ...controller.capacity };
  let own = "";
  const link = new ControllerLink({
    agent,
    api: controllerCalls(url, token),
    ledger,
    log,
    url,
    holdMs: controller.holdMs,
    againMs: controller.againMs,
    async facts() {
      const ip = controller.ip ?? (await outboundAddress(url));
      return { ip, labels, version, url: reachableUrl(own, ip), capacity };
    },
  });
  return {
    link,
    metrics: linkMetrics(link),
    start(agentUrl) {
      own = agentUrl;
      link.start();
    },
    async close() {
      await link.stop();
      await ledger.close();
    },
  };
}

/** Nobody calls an agent by the address of every interface. */
function reachableUrl(own: string, ip: string | undefined): string {
  const url = URL.parse(own);
  if (!url || !ip || !["0.0.0.0", "[::]"].includes(url.hostname)) return own;
  url.hostname = isIP(ip) === 6 ? `[${ip}]` : ip;
  return url.origin;
}
