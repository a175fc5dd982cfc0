import type { ControllerHealth, Node } from "@damson/client";
import type { Colors } from "./colors.ts";
import { facts } from "./facts.ts";
import { ago, size } from "./human.ts";
import { terminalWidth } from "./out.ts";
import { plain } from "./plain.ts";
import { table } from "./table.ts";

/** All nodes, one line each. */
export function nodeTable(nodes: readonly Node[], colors: Colors): string {
  if (nodes.length === 0) return "No nodes. Start an agent with `damson agent --controller URL`.";
  const rows = nodes.map((node) => [
    node.nodeId,
    health(node, colors),
    placing(node, colors),
    String(node.instances),
    `${cores(node.used.cpu ?? 0)}/${cores(node.capacity.cpu)}`,
    `${bytes(node.used.memory ?? 0)}/${bytes(node.capacity.memory)}`,
    plain(node.version ?? "-"),
    seen(node),
    plain(labels(node)),
  ]);
  const headings = ["NODE", "HEALTH", "PLACING", "INSTANCES", "CPU", "MEMORY", "VERSION", "SEEN", "LABELS"];
  return table(headings, rows, colors, terminalWidth());
}

/** What an operator must know of the controller itself, a line each. */
export function controllerNotes({ failover, insecure }: ControllerHealth, colors: Colors): string[] {
  const notes: string[] = [];
  if (failover.suspended)
    notes.push(colors.red(`Nothing is moved: ${plain(failover.reason ?? "too many nodes are lost")}`));
  if (insecure) notes.push(colors.yellow("This controller is reachable from outside without a token."));
  return notes;
}

/** One node in full. */
export function nodeFacts(node: Node, colors: Colors): string {
  const runtimes = node.runtimes.map(
    ({ name, version, usable, reason }) =>
      `${name}${version === undefined ? "" : ` ${version}`}${usable ? "" : ` (not usable: ${reason ?? "no reason given"})`}`,
  );
  return facts(
    node.nodeId,
    [
      ["health", `${health(node, colors)}, since ${ago(node.healthSince)}`],
      ["reason", node.reason === undefined ? undefined : plain(node.reason)],
      ["placing", placing(node, colors)],
      ["seen", seen(node)],
      ["address", plain(node.ip)],
      ["agent", plain([node.version, node.agentUrl].filter(Boolean).join(", "))],
      ["link", node.link === "push" ? "the controller calls the agent" : "the agent calls the controller"],
      ["cpu", `${cores(node.used.cpu ?? 0)} of ${cores(node.capacity.cpu)} promised`],
      ["memory", `${bytes(node.used.memory ?? 0)} of ${bytes(node.capacity.memory)} promised`],
      ["runtimes", plain(runtimes.join("; "))],
      ["labels", plain(labels(node))],
      ["instances", String(node.instances)],
      ["registered", ago(node.registeredAt)],
    ],
    colors,
  );
}

function health({ health }: Node, colors: Colors): string {
  if (health === "Healthy") return colors.green(health);
  return health === "Unknown" ? colors.yellow(health) : colors.red(health);
}

function placing({ cordoned, draining }: Node, colors: Colors): string {
  if (draining) return colors.yellow("draining");
  return cordoned ? colors.yellow("cordoned") : "yes";
}

function seen({ lastSeen }: Node): string {
  return lastSeen === 0 ? "never" : ago(new Date(lastSeen * 1_000).toISOString());
}

function labels(node: Node): string {
  return Object.entries(node.labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(", ");
}

function cores(cpu: number | undefined): string {
  return cpu === undefined ? "?" : String(Number(cpu.toFixed(2)));
}

function bytes(memory: number | undefined): string {
  return memory === undefined ? "?" : size(memory);
}
