import { ProblemError, UnreachableError } from "@damson/client";
import { CliError, type CliIssue } from "./cli-error.ts";
import { EXIT } from "./exit-codes.ts";
import type { Colors } from "./output/colors.ts";
import { plain } from "./output/plain.ts";

/** An error, whatever it was, as it is told to the user. */
export interface Report {
  readonly code: string;
  readonly message: string;
  readonly issues: readonly CliIssue[];
  readonly remedy?: string | undefined;
  /** To find the call in the server's log. */
  readonly request_id?: string | undefined;
  readonly exitCode: number;
}

const OTHER_SERVER =
  "--agent (DAMSON_AGENT) is the URL of an agent, --controller (DAMSON_CONTROLLER) that of a controller; or its version is another.";

/** What to tell about something that was thrown. */
export async function reportOf(thrown: unknown): Promise<Report> {
  if (thrown instanceof ProblemError) return reportOfProblem(thrown);
  if (thrown instanceof CliError) return thrown;
  if (thrown instanceof UnreachableError) {
    return {
      code: "AGENT_UNREACHABLE",
      message: thrown.message,
      issues: [],
      remedy: "Start one with `damson agent`, or say where it is with --agent URL or DAMSON_AGENT.",
      exitCode: EXIT.unreachable,
    };
  }
  // Loaded late: only the agent and the plugin host throw these, and they have it loaded already.
  const { errorText, isDamsonError } = await import("@damson/plugin-sdk");
  if (isDamsonError(thrown)) {
    const { code, message, issues, remedy, status } = thrown;
    return { code, message, issues, remedy, exitCode: status === 404 ? EXIT.notFound : EXIT.failed };
  }
  return { code: "UNEXPECTED", message: errorText(thrown), issues: [], exitCode: EXIT.failed };
}

function reportOfProblem({ problem }: ProblemError): Report {
  const { code, detail, errors, remedy, request_id, status } = problem;
  const exitCode = status === 404 ? EXIT.notFound : EXIT.failed;
  // What the server did wrong is in its log; what the caller did wrong is all here.
  const trace = status >= 500 ? { request_id } : {};
  // Routes are not typed by people here: where one is not known, another program answers.
  const told = code === "NOT_FOUND" ? OTHER_SERVER : remedy;
  return { code, message: detail, issues: errors ?? [], remedy: told, ...trace, exitCode };
}

/** The report as a compiler would print it: code, place and fault on one line, then what to do. */
export function renderReport(report: Report, colors: Colors): string {
  const head = `${colors.red(colors.bold("error"))} ${colors.bold(report.code)}`;
  const lines: string[] = [];
  for (const issue of report.issues) {
    lines.push([head, place(issue), plain(issue.message)].filter((part) => part !== "").join(" "));
    if (issue.hint) lines.push(`  ${plain(issue.hint)}`);
    if (issue.allowed && issue.allowed.length > 0) lines.push(`  Allowed: ${plain(issue.allowed.join(", "))}`);
  }
  if (report.issues.length === 0) lines.push(`${head} ${plain(report.message)}`);
  const [only] = report.issues;
  // The message of several issues sums them up; that of one may say more than the issue does.
  if (only && report.issues.length === 1 && !report.message.includes(only.message))
    lines.push(`  ${plain(report.message)}`);
  if (report.remedy) lines.push(`  ${plain(report.remedy)}`);
  if (report.request_id) lines.push(colors.dim(`  request ${report.request_id}`));
  return lines.join("\n");
}

/** Where it is, as editors understand it: `plugins.yaml:14:9 docker.socket_path:`. */
function place({ file, line, column, path }: CliIssue): string {
  const position = [file, line, column].filter((part) => part !== undefined).join(":");
  const parts = [position, path].filter((part) => part !== undefined && part !== "");
  return parts.length === 0 ? "" : `${plain(parts.join(" "))}:`;
}
