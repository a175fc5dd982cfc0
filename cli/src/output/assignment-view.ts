import type { AssignmentItem } from "@damson/client";
import type { Colors } from "./colors.ts";
import { ago } from "./human.ts";
import { terminalWidth } from "./out.ts";
import { plain } from "./plain.ts";
import { table } from "./table.ts";

/** Instances, one line each; beside them the node that each is on, or the deployment that it belongs to. */
export function assignmentTable(
  items: readonly AssignmentItem[],
  colors: Colors,
  beside: "node" | "deployment",
  width: number | undefined = terminalWidth(),
): string {
  if (items.length === 0) return "";
  const rows = items.map((item) => [
    item.instanceId,
    beside === "node" ? item.nodeId : item.deployment,
    plain(item.appVersion),
    phase(item, colors),
    item.phase === "" || isLost(item) ? "-" : item.healthy ? colors.green("yes") : colors.yellow("no"),
    String(item.restarts ?? 0),
    item.lastReportAt === 0 ? "never" : ago(new Date(item.lastReportAt * 1_000).toISOString()),
    plain(reason(item)),
  ]);
  const second = beside === "node" ? "NODE" : "DEPLOYMENT";
  const headings = ["INSTANCE", second, "VERSION", "PHASE", "HEALTHY", "RESTARTS", "REPORTED", "REASON"];
  return table(headings, rows, colors, width);
}

/** Its node is not heard of: what it said last says nothing of now. */
function isLost({ removing }: AssignmentItem): boolean {
  return removing === "lost";
}

/** As the agent calls it, where it says so; what should be, where that differs. */
function phase(item: AssignmentItem, colors: Colors): string {
  if (isLost(item)) return colors.yellow("unknown");
  const { phase, detail, desired } = item;
  const name = plain((detail ?? phase) || "not reported").toLowerCase();
  const wanted = desired === "Stopped" && phase === "Running" ? `${name}, to stop` : name;
  if (phase === "Running") return colors.green(wanted);
  return phase === "Failed" || phase === "Exited" ? colors.red(wanted) : wanted;
}

function reason({ removing, reason, exitCode, phase }: AssignmentItem): string {
  const exit = phase === "Exited" && exitCode !== undefined && !reason ? `exited with code ${exitCode}` : undefined;
  return [removing && `going: ${removing}`, reason, exit].filter(Boolean).join("; ");
}
