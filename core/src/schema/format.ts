import type { Issue } from "@damson/plugin-sdk";

/** The first issue, and how many more there are: for messages that must do without the list. */
export function issuesSummary(issues: readonly Issue[]): string {
  const [first] = issues.map(issueText);
  return issues.length > 1 ? `${first} (and ${issues.length - 1} more)` : (first ?? "");
}

/**
 * One line for an issue, as a compiler would print it:
 * `plugins.yaml:14:9 docker.socket: unknown property. Did you mean "socket_path"? Allowed: socket_path, tls.`
 */
export function issueText(issue: Issue): string {
  const place = [issue.file, issue.line, issue.column].filter((part) => part !== undefined).join(":");
  const subject = [place, issue.path].filter(Boolean).join(" ");
  const sentences = [`${issue.message}.`];
  if (issue.hint !== undefined) sentences.push(issue.hint);
  if (issue.allowed?.length) sentences.push(`Allowed: ${issue.allowed.join(", ")}.`);
  // A lone message reads better without its full stop, and tools add their own.
  const text = sentences.length === 1 ? issue.message : sentences.join(" ");
  return subject === "" ? text : `${subject}: ${text}`;
}
