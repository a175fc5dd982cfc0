import { type Checker, compileSchema, issuesSummary } from "@damson/core/schema";
import { DamsonError } from "@damson/plugin-sdk";
import { Type } from "typebox";
import { closed } from "../api/schema/common.ts";
import { RuntimeReport } from "../api/schema/nodes.ts";
import { AgentStatusReport } from "../api/schema/statuses.ts";
import type { NodeRuntime } from "../model/node.ts";
import type { SeenInstance } from "./called-agent.ts";

// What agents tell by themselves is checked by the routes; this is the same for those that are asked.
const report = compileSchema(
  Type.Object({ ...AgentStatusReport.properties, seq: Type.Optional(AgentStatusReport.properties.seq) }, closed),
);
const runtimeList = compileSchema(Type.Array(RuntimeReport, { maxItems: 32 }));

/** @throws DamsonError `AGENT_UNKNOWN` (502) when something of it could not be kept or shown */
export function checkSeen(seen: readonly SeenInstance[]): void {
  for (const one of seen) check(report, one.report, "status");
}

/** @throws DamsonError `AGENT_UNKNOWN` (502), likewise */
export function checkRuntimes(runtimes: readonly NodeRuntime[]): void {
  check(runtimeList, runtimes, "runtimes");
}

function check(checker: Checker<unknown>, value: unknown, what: string): void {
  if (checker.accepts(value)) return;
  const faults = issuesSummary(checker.check(value));
  throw new DamsonError("AGENT_UNKNOWN", `What answers is no agent that can be called: its ${what}: ${faults}`, {
    status: 502,
    remedy: "Register the URL of a Damson agent or of a Boreas agent.",
  });
}
