import type { DeploymentDetail, DeploymentSummary, DeploymentVersions } from "@damson/client";
import { assignmentTable, type UnheardNodes } from "./assignment-view.ts";
import type { Colors } from "./colors.ts";
import { facts } from "./facts.ts";
import { ago } from "./human.ts";
import { terminalWidth } from "./out.ts";
import { plain } from "./plain.ts";
import { table } from "./table.ts";

/** All deployments, one line each. */
export function deploymentTable(deployments: readonly DeploymentSummary[], colors: Colors): string {
  if (deployments.length === 0) return "No deployments. Declare one with `damson deploy -f deployment.yaml`.";
  const rows = deployments.map((deployment) => [
    deployment.name,
    String(deployment.version),
    state(deployment, colors),
    `${deployment.healthy}/${deployment.wanted}`,
    String(deployment.failing),
    String(deployment.unplaced),
    ago(deployment.updatedAt),
    plain(deployment.rollout.reason ?? ""),
  ]);
  const headings = ["DEPLOYMENT", "VERSION", "STATE", "HEALTHY", "FAILING", "UNPLACED", "CHANGED", "REASON"];
  return table(headings, rows, colors, terminalWidth());
}

/** One deployment in full, its instances below. */
export function deploymentFacts(
  { deployment, assignments }: DeploymentDetail,
  colors: Colors,
  unheard?: UnheardNodes,
): string {
  const { entries, failing, healthy, labels, rollout, unplaced, updated, version, wanted } = deployment;
  const more = [
    failing > 0 && colors.red(`${failing} failing`),
    unplaced > 0 && colors.red(`${unplaced} without a node (damson explain ${deployment.name})`),
    updated < wanted && `${updated} on version ${version}`,
  ].filter((part) => part !== false);
  const head = facts(
    deployment.name,
    [
      ["id", deployment.deploymentId],
      ["version", String(version)],
      ["state", state(deployment, colors)],
      ["healthy", [`${healthy} of ${wanted}`, ...more].join(", ")],
      ["rollout", plain(rolloutText(rollout))],
      ...entries.map((entry): [string, string] => ["runs", plain(entryText(entry))]),
      [
        "labels",
        plain(
          Object.entries(labels)
            .map(([name, value]) => `${name}=${value}`)
            .join(", "),
        ),
      ],
      ["created", ago(deployment.createdAt)],
      ["changed", ago(deployment.updatedAt)],
    ],
    colors,
  );
  return [head, "", assignmentTable(assignments, colors, "node", unheard)].join("\n").trimEnd();
}

/** The versions that a deployment keeps, newest first. */
export function versionTable({ versions }: DeploymentVersions, colors: Colors): string {
  const rows = versions.map(({ version, createdAt, current, entries, failed }) => [
    String(version),
    ago(createdAt),
    plain(entries.map(({ app, appVersion }) => `${app} ${appVersion}`).join(", ")),
    current ? colors.green("runs now") : failed ? colors.red("failed") : "",
  ]);
  return table(["VERSION", "DECLARED", "APPS", ""], rows, colors);
}

/** How the rollout of a deployment stands, in one line. */
export function rolloutLine(deployment: DeploymentSummary, colors: Colors): string {
  const { healthy, name, rollout, wanted } = deployment;
  return `${colors.bold(name)}: ${plain(rolloutText(rollout))}, ${healthy} of ${wanted} healthy`;
}

function rolloutText({ from, reason, state, to }: DeploymentSummary["rollout"]): string {
  const way = from === 0 || from === to ? `version ${to}` : `version ${from} to ${to}`;
  return `${way}: ${state.replaceAll("_", " ")}${reason ? ` (${reason})` : ""}`;
}

function state({ deleting, paused, rollout, status, wanted, healthy }: DeploymentSummary, colors: Colors): string {
  if (deleting) return colors.yellow("deleting");
  if (status === "Stopped") return "stopped";
  if (paused) return colors.yellow("paused");
  if (rollout.state === "in_progress") return colors.yellow("rolling out");
  if (rollout.state === "rolling_back") return colors.yellow("rolling back");
  if (rollout.state === "failed") return colors.red("failed");
  return healthy >= wanted ? colors.green("running") : colors.yellow("running");
}

type Entry = DeploymentDetail["deployment"]["entries"][number];

function entryText({ app, appVersion, artifactUrl, name, replicas }: Entry): string {
  const what = `${app} ${appVersion}${artifactUrl === undefined ? "" : ` of ${artifactUrl}`}`;
  const where =
    typeof replicas === "number"
      ? `${replicas} placed by the scheduler`
      : Object.entries(replicas)
          .map(([node, count]) => `${count} on ${node}`)
          .join(", ");
  return `${name === app ? "" : `${name}: `}${what}, ${where}`;
}
