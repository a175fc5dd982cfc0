import type { Segments } from "@damson/core/schema";
import type { Placement } from "@damson/plugin-sdk";
import type { Findings } from "./findings.ts";

/** What the schema of a placement cannot ask for. */
export function checkPlacement(
  placement: Placement | undefined,
  at: Segments,
  schedulers: readonly string[],
  findings: Findings,
): void {
  const { constraints = [], scheduler } = placement ?? {};
  for (const [index, { operator = "in", values }] of constraints.entries()) {
    const place = [...at, "constraints", index, "values"];
    const compares = operator === "in" || operator === "not_in";
    if (compares && values === undefined) {
      findings.fault(place, { message: `required with the operator ${operator}, but missing` });
    }
    if (!compares && values !== undefined) {
      findings.fault(place, {
        message: `not with the operator ${operator}`,
        hint: "Use in or not_in, or leave it out.",
      });
    }
  }
  if (scheduler !== undefined && !schedulers.includes(scheduler)) {
    const loaded = schedulers.length > 0 ? `loaded are: ${schedulers.join(", ")}` : "none is loaded";
    findings.warn([...at, "scheduler"], `there is no scheduler "${scheduler}" yet; ${loaded}`);
  }
}
