import type { ControllerParts } from "../../parts.ts";
import { explained } from "./explanation.ts";
import type { PlacedPlan } from "./placing.ts";

/** Keeps what was found out in placing a plan, when it says something new. */
export async function keepExplanation(
  parts: ControllerParts,
  { view, plan, placed, judged }: PlacedPlan,
): Promise<void> {
  const { deploymentId } = view.deployment;
  const counts = new Map<string, { wanted: number; placed: number }>();
  const countsOf = (entry: string) => {
    const found = counts.get(entry) ?? { wanted: 0, placed: 0 };
    counts.set(entry, found);
    return found;
  };
  for (const { entry } of plan.creations) countsOf(entry).wanted += 1;
  for (const { creation } of placed) countsOf(creation.entry).placed += 1;
  const findings = { judged, refusals: plan.refusals, counts };
  const at = parts.now().toISOString();
  if (!explained(parts.objects.explanations.get(deploymentId)?.value, findings, at)) return;
  await parts.changes.run((change) => {
    if (!change.get("deployments", deploymentId)) return;
    const next = explained(change.get("explanations", deploymentId)?.value, findings, at);
    if (next) change.put("explanations", deploymentId, next);
  });
}
