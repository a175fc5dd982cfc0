import { DamsonError } from "@damson/plugin-sdk";
import type { App } from "./app.ts";

/** The error of an instance id that the app does not have. */
export function instanceNotFound(app: App, instance: string): DamsonError {
  const ids = app.document.value.instances.map((record) => record.instance_id);
  return new DamsonError("INSTANCE_NOT_FOUND", `"${app.name}" has no instance "${instance}"`, {
    status: 404,
    remedy: `Instances: ${ids.join(", ") || "none"}.`,
  });
}
