import type { AuditRecord } from "@damson/client";
import type { Colors } from "./colors.ts";
import { terminalWidth } from "./out.ts";
import { plain } from "./plain.ts";
import { table } from "./table.ts";

/** Changes that were asked for, oldest first, as a log reads. */
export function auditTable(records: readonly AuditRecord[], colors: Colors): string {
  if (records.length === 0) return "No records.";
  const rows = records
    .toReversed()
    .map(({ time, actor, method, path, outcome, status, code, message }) => [
      colors.dim(time),
      plain(actor),
      `${method} ${plain(path)}`,
      outcomeText(outcome, colors),
      String(status),
      plain([code, message].filter(Boolean).join(": ")),
    ]);
  return table(["TIME", "WHO", "WHAT", "OUTCOME", "STATUS", "WHY"], rows, colors, terminalWidth());
}

function outcomeText(outcome: AuditRecord["outcome"], colors: Colors): string {
  if (outcome === "done") return colors.green(outcome);
  return outcome === "refused" || outcome === "failed" ? colors.red(outcome) : outcome;
}
