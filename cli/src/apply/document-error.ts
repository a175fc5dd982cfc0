import { CliError } from "../cli-error.ts";
import { reportOf } from "../report.ts";
import { type ApplyDocument, nameOf } from "./documents.ts";

/** An error in one of several documents, with which it is, and which ones were therefore not applied. */
export async function documentError(
  thrown: unknown,
  documents: readonly ApplyDocument[],
  at: number,
): Promise<CliError> {
  const { code, message, issues, remedy, request_id, exitCode } = await reportOf(thrown);
  const [failed, ...rest] = documents.slice(at).map((document) => placeOf(document, documents));
  const last = rest.length === 0 ? undefined : `Not applied after it: ${rest.join("; ")}.`;
  // Where faults are told in place of the message, it would not be seen there.
  const hidden = issues.length > 1 || issues.some((issue) => message.includes(issue.message));
  const which = hidden ? `This is about ${failed}.` : undefined;
  return new CliError(code, `${failed}: ${message}`, {
    exitCode,
    issues: issues.map((issue) => ({ file: nameOf(documents[at]?.file ?? ""), ...issue })),
    remedy: [which, remedy, last].filter((part) => part !== undefined).join(" ") || undefined,
    request_id,
    cause: thrown,
  });
}

/** `web.yaml, document 2, app "shop"`; the number, where the file holds several. */
function placeOf(document: ApplyDocument, all: readonly ApplyDocument[]): string {
  const ofFile = all.filter(({ file }) => file === document.file);
  const number = ofFile.length > 1 ? [`document ${ofFile.indexOf(document) + 1}`] : [];
  const { app, name } = document.value;
  const which = typeof name === "string" ? [`deployment "${name}"`] : typeof app === "string" ? [`app "${app}"`] : [];
  return [nameOf(document.file), ...number, ...which].join(", ");
}
