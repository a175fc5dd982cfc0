import type { Handle, Instance } from "@damson/plugin-sdk";
import type { ContainerInspectInfo } from "dockerode";
import { LABELS } from "./labels.ts";

/** The handle of a container that was started. */
export function handleOf({ Id, Config, State }: ContainerInspectInfo): Handle {
  const labels = Config.Labels;
  return {
    owner: labels[LABELS.owner] ?? "",
    instanceId: labels[LABELS.instance] ?? "",
    run: Number(labels[LABELS.run]),
    unit: { container_id: Id },
    startedAt: new Date(State.StartedAt).toISOString(),
    data: { version: 1, id: Id },
  };
}

/** Id of the container of a run; `undefined` in a handle that another runtime made. */
export function containerIdOf({ data }: Handle): string | undefined {
  return typeof data.id === "string" ? data.id : undefined;
}

/** Whether the container is that of this very run. */
export function isOf({ Config }: ContainerInspectInfo, { owner, instanceId, run }: Instance | Handle): boolean {
  const labels = Config.Labels ?? {};
  return labels[LABELS.owner] === owner && labels[LABELS.instance] === instanceId && labels[LABELS.run] === String(run);
}
