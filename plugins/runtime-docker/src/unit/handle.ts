import type { Handle, Instance, UnitPort } from "@damson/plugin-sdk";
import type { ContainerInspectInfo } from "dockerode";
import { LABELS } from "./labels.ts";

/** The handle of a container that was started. */
export function handleOf({ Id, Config, State, NetworkSettings }: ContainerInspectInfo): Handle {
  const labels = Config.Labels;
  const ports = portsOf(NetworkSettings?.Ports);
  return {
    owner: labels[LABELS.owner] ?? "",
    instanceId: labels[LABELS.instance] ?? "",
    run: Number(labels[LABELS.run]),
    unit: { container_id: Id, ...(ports.length > 0 ? { ports } : {}) },
    startedAt: new Date(State.StartedAt).toISOString(),
    data: { version: 1, id: Id },
  };
}

/** A port that is published on several addresses at the same number stands once. */
function portsOf(published: ContainerInspectInfo["NetworkSettings"]["Ports"] | undefined): UnitPort[] {
  const ports = Object.entries(published ?? {}).flatMap(([key, places]) => {
    const [port, protocol] = key.split("/");
    const numbers = new Set((places ?? []).map(({ HostPort }) => Number(HostPort)));
    return [...numbers].map((host_port) => ({
      container_port: Number(port),
      host_port,
      protocol: protocol === "udp" ? ("udp" as const) : ("tcp" as const),
    }));
  });
  return ports.filter(({ host_port }) => host_port > 0);
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
