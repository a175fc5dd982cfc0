import type { AssignmentItem, Node } from "@damson/client";
import type { Colors } from "./colors.ts";
import { ago } from "./human.ts";
import { terminalWidth } from "./out.ts";
import { plain } from "./plain.ts";
import { table } from "./table.ts";

/** The health of the nodes that are not heard of, by id. */
export type UnheardNodes = ReadonlyMap<string, string>;

/** Those of these nodes. */
export function unheardOf(nodes: readonly Pick<Node, "nodeId" | "health">[]): UnheardNodes {
  return new Map(nodes.flatMap(({ nodeId, health }) => (health === "Healthy" ? [] : [[nodeId, health]])));
}

/**
 * Instances, one line each; beside them the node that each is on, or the deployment that it belongs to. What was said last
 * on a node that is not heard of says nothing of now.
 */
export function assignmentTable(
  items: readonly AssignmentItem[],
  colors: Colors,
  beside: "node" | "deployment",
  unheard: UnheardNodes = new Map(),
): string {
  if (items.length === 0) return "";
  const isUnknown = (item: AssignmentItem) => item.removing === "lost" || unheard.has(item.nodeId);
  const rows = items.map((item) => [
    item.instanceId,
    beside === "node" ? item.nodeId : item.deployment,
    plain(item.appVersion),
    isUnknown(item) ? colors.yellow("unknown") : phase(item, colors),
    item.phase === "" || isUnknown(item) ? "-" : item.healthy ? colors.green("yes") : colors.yellow("no"),
    String(item.restarts ?? 0),
    item.lastReportAt === 0 ? "never" : ago(new Date(item.lastReportAt * 1_000).toISOString()),
    plain(reason(item, unheard.get(item.nodeId))),
  ]);
  const second = beside === "node" ? "NODE" : "DEPLOYMENT";
  const headings = ["INSTANCE", second, "VERSION", "PHASE", "HEALTHY", "RESTARTS", "REPORTED", "REASON"];
  return table(headings, rows, colors, terminalWidth());
}

/** As the agent calls it, where it says so; what should be, where that differs. */
function phase(item: AssignmentItem, colors: Colors): string {
  const { phase, detail, desired } = item;
  const name = plain((detail ?? phase) || "not reported").toLowerCase();
  const wanted = desired === "Stopped" && phase === "Running" ? `${name}, to stop` : name;
  if (phase === "Running") return colors.green(wanted);
  return phase === "Failed" || phase === "Exited" ? colors.red(wanted) : wanted;
}

function reason({ nodeId, removing, reason, exitCode, phase }: AssignmentItem, health: string | undefined): string {
  if (health !== undefined && removing === undefined) return `${nodeId} is ${health}`;
  const exit = phase === "Exited" && exitCode !== undefined && !reason ? `exited with code ${exitCode}` : undefined;
  return [removing && `going: ${removing}`, reason, exit].filter(Boolean).join("; ");
}
