import { type AppSpec, redactSpec } from "@damson/core/agent";
import type { Static } from "typebox";
import type { EntryView } from "../../api/schema/deployments.ts";
import type { Entry, Replicas } from "../../model/deployment.ts";

/** An entry as it is shown, its environment hidden but for the names in `reveal`. */
export function entryView(
  { name, app, appVersion, artifactUrl, startCmd, spec, placement }: Entry,
  replicas: Replicas,
  reveal: ReadonlySet<string>,
): Static<typeof EntryView> {
  return {
    name,
    app,
    appVersion,
    ...(artifactUrl !== undefined && { artifactUrl }),
    ...(startCmd !== undefined && { startCmd }),
    // It was checked as one before it was stored.
    ...(spec && { spec: redactSpec(spec as unknown as AppSpec, reveal) }),
    replicas,
    ...(placement && { placement }),
  };
}

/** The names in a query's `reveal`. */
export function revealed(reveal = ""): ReadonlySet<string> {
  return new Set(reveal.split(",").filter(Boolean));
}
