import { durationMs } from "@damson/plugin-sdk";
import type { RolloutRequest } from "../../api/schema/deployments.ts";
import type { UpdatePolicy } from "../../model/deployment.ts";
import type { Findings } from "./findings.ts";

const LONGEST_MS = 365 * 86_400_000;

/** The policy of a request, with defaults. */
export function updatePolicy({ update = {} }: RolloutRequest, findings: Findings): UpdatePolicy {
  const { max_parallel: maxParallel = 1, healthy_within = "60s", auto_rollback: autoRollback = true } = update;
  const healthyWithinMs = durationMs(healthy_within);
  if (healthyWithinMs <= 0 || healthyWithinMs > LONGEST_MS) {
    findings.fault(["update", "healthy_within"], {
      message: `expected more than 0 and at most 365 days, got ${healthy_within}`,
      hint: "For example 30s or 5m.",
    });
  }
  return { maxParallel, healthyWithinMs, autoRollback };
}
