import type { AppStatus, InstanceStatus, StatusList } from "@damson/client";
import type { Colors } from "./colors.ts";
import { ago, span } from "./human.ts";
import { plain } from "./plain.ts";
import { table } from "./table.ts";

/** All apps of an agent, one line each. */
export function statusList({ apps, damaged, insecure }: StatusList, colors: Colors): string {
  const rows = apps.map((app) => [
    app.app,
    app.version,
    phase(app.phase, colors),
    health(app.healthy, colors),
    `${app.instances.filter(isUp).length}/${app.replicas}`,
    String(app.restarts),
    ago(app.updated),
    plain(reasonOf(app)),
  ]);
  const headings = ["APP", "VERSION", "PHASE", "HEALTH", "UP", "RESTARTS", "UPDATED", "REASON"];
  const parts =
    rows.length === 0 ? ["No apps. Apply one with `damson apply -f app.yaml`."] : [table(headings, rows, colors)];
  for (const { name, file, reason } of damaged) {
    parts.push(
      colors.red(`The document of ${plain(name)} was damaged (${plain(reason)}) and set aside as ${plain(file)}.`),
    );
  }
  if (insecure) parts.push(colors.yellow("This agent is reachable from outside without a token."));
  return parts.join("\n");
}

/** One app in full, its instances below. */
export function statusOfApp(app: AppStatus, colors: Colors): string {
  const facts: [name: string, value: string][] = [
    ["version", app.version],
    ["phase", phase(app.phase, colors)],
    ["health", health(app.healthy, colors)],
    ["wanted", `${app.desired}, ${app.replicas} ${app.replicas === 1 ? "instance" : "instances"}`],
    ["runtime", app.runtime || "none that is loaded serves its type"],
    ["restarts", `${app.restarts}${app.crash_looping ? colors.red(", crash looping") : ""}`],
    ["updated", ago(app.updated)],
  ];
  if (app.reason) facts.push(["reason", plain(app.reason)]);
  if (app.update) facts.push(["update", updateText(app.update)]);
  const labels = Object.entries(app.labels).map(([name, value]) => `${name}=${value}`);
  if (labels.length > 0) facts.push(["labels", plain(labels.join(", "))]);
  const head = facts.map(([name, value]) => `  ${colors.dim(name.padEnd(9))} ${value}`);
  return [colors.bold(app.app), ...head, "", instances(app.instances, colors)].join("\n").trimEnd();
}

function instances(list: readonly InstanceStatus[], colors: Colors): string {
  const havePorts = list.some(({ ports = [] }) => ports.length > 0);
  const rows = list.map((instance) => [
    instance.instance_id,
    instance.version,
    phase(instance.phase, colors),
    health(instance.health, colors),
    instance.container_id?.slice(0, 12) ?? instance.pod ?? String(instance.pid ?? "-"),
    ago(instance.started_at),
    String(instance.restarts),
    ...(havePorts ? [portsText(instance)] : []),
    plain(instanceReason(instance)),
  ]);
  if (rows.length === 0) return "";
  const names = ["INSTANCE", "VERSION", "PHASE", "HEALTH", "UNIT", "STARTED", "RESTARTS"];
  return table([...names, ...(havePorts ? ["PORTS"] : []), "REASON"], rows, colors);
}

/** As Docker's own command shows them: the host's port first. */
function portsText({ ports = [] }: InstanceStatus): string {
  return ports
    .map(({ host_port, container_port, protocol }) => `${host_port}->${container_port}/${protocol}`)
    .join(", ");
}

function instanceReason({ reason, next_start_at }: InstanceStatus): string {
  const wait = next_start_at === undefined ? undefined : startsIn(Date.parse(next_start_at) - Date.now());
  return [reason, wait].filter((part) => part !== undefined).join("; ");
}

function startsIn(ms: number): string {
  return ms < 1_000 ? "starts now" : `starts in ${span(ms)}`;
}

function reasonOf(app: AppStatus): string {
  const reason = app.reason ?? (app.update?.state === "failed" ? app.update.reason : undefined) ?? "";
  return app.crash_looping ? `crash looping: ${reason}` : reason;
}

function updateText({ from_version, to_version, state, reason }: NonNullable<AppStatus["update"]>): string {
  const text = `${from_version} to ${to_version}: ${state.replace("_", " ")}`;
  return plain(reason ? `${text} (${reason})` : text);
}

function isUp({ phase }: InstanceStatus): boolean {
  return phase === "running" || phase === "unhealthy";
}

function phase(name: AppStatus["phase"], colors: Colors): string {
  if (name === "running") return colors.green(name);
  if (name === "failed" || name === "exited" || name === "unhealthy") return colors.red(name);
  return name === "stopped" ? name : colors.yellow(name);
}

function health({ level, msg }: AppStatus["healthy"], colors: Colors): string {
  const paint = level === 100 ? colors.green : level === 0 ? (text: string) => text : colors.yellow;
  return paint(plain(msg) || `${level}%`);
}
