import { DamsonError } from "@damson/plugin-sdk";
import type { App } from "./app.ts";
import { assignmentOf } from "./document.ts";

/** More instances of a deployment are not named. */
const NAMED_INSTANCES = 5;

/** That an agent has no such app; where a deployment is called so, what its instances are called here. */
export function appNotFound(name: string, apps: readonly App[]): DamsonError {
  const instances = apps.filter(({ document }) => assignmentOf(document.value)?.deployment === name);
  const named = instances.slice(0, NAMED_INSTANCES).map((app) => app.name);
  const more = instances.length > named.length ? ` and ${instances.length - named.length} more` : "";
  return new DamsonError("APP_NOT_FOUND", `there is no app "${name}" on this agent`, {
    status: 404,
    remedy:
      named.length > 0
        ? `A deployment is called so. What it runs here is ${named.join(", ")}${more}.`
        : "`damson status` or GET /v1/status lists the apps.",
  });
}
