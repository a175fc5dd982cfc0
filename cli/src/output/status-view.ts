import type { AppStatus, InstanceStatus, StatusList } from "@damson/client";
import type { Colors } from "./colors.ts";
import { controllerLines } from "./controller-line.ts";
import { ago, span } from "./human.ts";
import { terminalWidth } from "./out.ts";
import { plain } from "./plain.ts";
import { table } from "./table.ts";

/** All apps of an agent, one line each. No line is longer than `width`: reasons are cut. */
export function statusList(
  { apps, controller, damaged, insecure }: StatusList,
  colors: Colors,
  width: number | undefined = terminalWidth(),
): string {
  // An assigned app is called like its instance; the deployment is what people know.
  const assigned = apps.some(({ assignment }) => assignment);
  const rows = apps.map((app) => [
    app.app,
    ...(assigned ? [plain(app.assignment?.deployment ?? "-")] : []),
    app.version,
    phase(app.phase, colors),
    health(app.healthy, shortHealth(app), colors),
    `${app.instances.filter(isUp).length}/${app.replicas}`,
    String(app.restarts),
    ago(app.updated),
    plain(reasonOf(app)),
  ]);
  const names = ["APP", ...(assigned ? ["DEPLOYMENT"] : [])];
  const headings = [...names, "VERSION", "PHASE", "HEALTH", "UP", "RESTARTS", "UPDATED", "REASON"];
  const parts =
    rows.length === 0
      ? ["No apps. Apply one with `damson apply -f app.yaml`."]
      : [table(headings, rows, colors, width)];
  if (controller) parts.push(...controllerLines(controller, colors));
  for (const { name, file, reason } of damaged) {
    parts.push(
      colors.red(`The document of ${plain(name)} was damaged (${plain(reason)}) and set aside as ${plain(file)}.`),
    );
  }
  if (insecure) parts.push(colors.yellow("This agent is reachable from outside without a token."));
  return parts.join("\n");
}

/** One app in full, its instances below, of which no line is longer than `width`: reasons are cut there. */
export function statusOfApp(app: AppStatus, colors: Colors, width: number | undefined = terminalWidth()): string {
  const facts: [name: string, value: string][] = [
    ["version", app.version],
    ["phase", phase(app.phase, colors)],
    ["health", health(app.healthy, fullHealth(app), colors)],
    ["wanted", `${app.desired}, ${app.replicas} ${app.replicas === 1 ? "instance" : "instances"}`],
    ["runtime", app.runtime || "none that is loaded serves its type"],
    ["restarts", `${app.restarts}${app.crash_looping ? colors.red(", crash looping") : ""}`],
    ["updated", ago(app.updated)],
  ];
  if (app.reason) facts.push(["reason", plain(app.reason)]);
  if (app.assignment) {
    const { app: called, deployment, spec_version } = app.assignment;
    facts.push(["assigned", plain(`${called} of the deployment ${deployment}, its version ${spec_version}`)]);
  }
  if (app.update) facts.push(["update", updateText(app.update, app.reason)]);
  const labels = Object.entries(app.labels).map(([name, value]) => `${name}=${value}`);
  if (labels.length > 0) facts.push(["labels", plain(labels.join(", "))]);
  const head = facts.map(([name, value]) => `  ${colors.dim(name.padEnd(9))} ${value}`);
  return [colors.bold(app.app), ...head, "", instances(app.instances, colors, width)].join("\n").trimEnd();
}

function instances(list: readonly InstanceStatus[], colors: Colors, width: number | undefined): string {
  const havePorts = list.some(({ ports = [] }) => ports.length > 0);
  const rows = list.map((instance) => [
    instance.instance_id,
    instance.version,
    phase(instance.phase, colors),
    health(instance.health, healthText(instance.health, instance.phase, instance.reason), colors),
    instance.container_id?.slice(0, 12) ?? instance.pod ?? String(instance.pid ?? "-"),
    ago(instance.started_at),
    String(instance.restarts),
    ...(havePorts ? [portsText(instance)] : []),
    plain(instanceReason(instance)),
  ]);
  if (rows.length === 0) return "";
  const names = ["INSTANCE", "VERSION", "PHASE", "HEALTH", "UNIT", "STARTED", "RESTARTS"];
  return table([...names, ...(havePorts ? ["PORTS"] : []), "REASON"], rows, colors, width);
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

/** Without its reason where that stands in the app's. */
function updateText(update: NonNullable<AppStatus["update"]>, told: string | undefined): string {
  const { from_version, to_version, state, reason } = update;
  const text = `${from_version} to ${to_version}: ${state.replace("_", " ")}`;
  return plain(reason && !told?.includes(reason) ? `${text} (${reason})` : text);
}

function isUp({ phase }: InstanceStatus): boolean {
  return phase === "running" || phase === "unhealthy";
}

function phase(name: AppStatus["phase"], colors: Colors): string {
  if (name === "running") return colors.green(name);
  if (name === "failed" || name === "exited" || name === "unhealthy") return colors.red(name);
  return name === "stopped" ? name : colors.yellow(name);
}

/** In the list: how many of several instances are healthy, and not what the worst of them says. */
function shortHealth({ healthy, phase, reason, instances: { length } }: AppStatus): string {
  if (length < 2) return healthText(healthy, phase, reason);
  const [count = "", ...rest] = healthy.msg.split("; ");
  return rest.length > 0 ? count : healthText(healthy, phase, reason);
}

/** Of one app: all that its reason does not say. */
function fullHealth(app: AppStatus): string {
  const { healthy, phase, reason } = app;
  return reason && healthy.msg.includes(reason) ? shortHealth(app) : healthText(healthy, phase, reason);
}

/** A word where the phase, or the reason, says already what the health's message says. */
function healthText({ level, msg }: AppStatus["healthy"], phase: AppStatus["phase"], reason: string | undefined) {
  if (level === 100 || (msg !== reason && msg !== phase)) return msg || `${level}%`;
  if (phase === "unhealthy") return "Unhealthy";
  // It runs as far as is known, and nobody can see how it is.
  return phase === "running" ? "Unknown" : "-";
}

function health({ level }: AppStatus["healthy"], text: string, colors: Colors): string {
  const paint = level === 100 ? colors.green : level === 0 ? (plainText: string) => plainText : colors.yellow;
  return paint(plain(text));
}
