import { STATUS_CODES } from "node:http";
import type { DamsonError, Issue } from "@damson/plugin-sdk";
import { type Static, Type } from "typebox";

/** Media type of {@link Problem} (RFC 9457). */
export const PROBLEM_TYPE = "application/problem+json";

const IssueSchema = Type.Object({
  file: Type.Optional(Type.String()),
  line: Type.Optional(Type.Integer()),
  column: Type.Optional(Type.Integer()),
  path: Type.Optional(Type.String({ description: "Place in the document, e.g. pkg.ports[0].host_port" })),
  message: Type.String(),
  hint: Type.Optional(Type.String({ description: "What would have been right" })),
  allowed: Type.Optional(Type.Array(Type.String())),
});

/** Schema of every answer that is an error: a problem document (RFC 9457). In OpenAPI it is the component `Problem`. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: "Always about:blank; `code` tells the kinds apart" }),
    title: Type.String({ description: "The text of the HTTP status" }),
    status: Type.Integer(),
    code: Type.String({ description: "Stable, for programs, e.g. APP_NOT_FOUND" }),
    detail: Type.String({ description: "What is wrong, for people" }),
    remedy: Type.Optional(Type.String({ description: "What to do about it" })),
    errors: Type.Optional(Type.Array(IssueSchema, { description: "Every fault that was found" })),
    request_id: Type.String({ description: "Finds this request in the log of the server" }),
  },
  { $id: "Problem", description: "A problem document (RFC 9457)" },
);
/** A problem document. */
export type Problem = Static<typeof ProblemSchema>;

/** The problem document that tells `error` to a client. */
export function problemOf(error: DamsonError, requestId: string): Problem {
  return {
    type: "about:blank",
    title: STATUS_CODES[error.status] ?? "Error",
    status: error.status,
    code: error.code,
    detail: error.message,
    ...(error.remedy !== undefined && { remedy: error.remedy }),
    ...(error.issues.length > 0 && { errors: error.issues.map(copyOf) }),
    request_id: requestId,
  };
}

function copyOf({ allowed, ...issue }: Issue): NonNullable<Problem["errors"]>[number] {
  return { ...issue, ...(allowed && { allowed: [...allowed] }) };
}
