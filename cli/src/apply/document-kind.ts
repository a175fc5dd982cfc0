import { CliError } from "../cli-error.ts";
import { type ApplyDocument, nameOf } from "./documents.ts";

/** What a document is for: `apply` takes those of an agent, `deploy` those of a controller. */
export type DocumentKind = "app" | "deployment";

/** Fields that only documents of this kind have, and that none of its documents lacks altogether. */
const MARKS = {
  app: ["pkg", "package"],
  deployment: ["spec", "entries", "artifactUrl", "artifact"],
} as const satisfies Record<DocumentKind, readonly string[]>;

const REMEDIES = {
  app: (file: string) =>
    `\`damson deploy -f ${file}\` gives it to a controller; for an agent, take what stands under \`spec\`.`,
  deployment: (file: string) =>
    `\`damson apply -f ${file}\` gives it to an agent; for a controller, put it under \`spec\`, with a \`name\` beside that.`,
} as const satisfies Record<DocumentKind, (file: string) => string>;

/**
 * Says which command a document is for when it is plainly for the other one. All else is for the server to judge.
 *
 * @throws CliError `DOCUMENT_MISPLACED`
 */
export function expectKind(kind: DocumentKind, { file, value }: Pick<ApplyDocument, "file" | "value">): void {
  const other = kind === "app" ? "deployment" : "app";
  const found = MARKS[other].filter((mark) => Object.hasOwn(value, mark));
  if (found.length === 0 || MARKS[kind].some((mark) => Object.hasOwn(value, mark))) return;
  const [isWhat, wanted] =
    other === "app" ? ["an apply document", "a deployment"] : ["a deployment", "an apply document"];
  throw new CliError("DOCUMENT_MISPLACED", `${nameOf(file)} is ${isWhat}, not ${wanted}: it has ${found.join(", ")}`, {
    remedy: REMEDIES[kind](file),
  });
}
