import { DamsonError, type Issue } from "@damson/plugin-sdk";
import type { FastifySchemaCompiler } from "fastify";
import { type Checker, compileSchema, issuesSummary } from "../schema/index.ts";
import { textReader } from "./text-values.ts";

const PARTS: Readonly<Record<string, { code: string; name: string }>> = {
  body: { code: "BODY_INVALID", name: "body" },
  querystring: { code: "QUERY_INVALID", name: "query string" },
  params: { code: "PATH_INVALID", name: "path" },
  headers: { code: "HEADERS_INVALID", name: "headers" },
};

/**
 * Checks requests with the same checker, and so in the same words, as plugins.yaml and packages. Fastify's own would drop
 * unknown fields and turn types into one another. A body is checked as it came, and gets no defaults.
 */
export const validatorCompiler: FastifySchemaCompiler<object> = ({ schema, httpPart = "body" }) => {
  const checker = compileSchema(schema);
  return validator(schema, httpPart, () => checker);
};

/** The same, each schema compiled at its first request: compiling those of a whole API would delay its start. */
export const lazyValidatorCompiler: FastifySchemaCompiler<object> = ({ schema, httpPart = "body" }) => {
  let checker: Checker | undefined;
  return validator(schema, httpPart, () => {
    checker ??= compileSchema(schema);
    return checker;
  });
};

function validator(schema: object, httpPart: string, checker: () => Checker) {
  if (httpPart === "body") {
    return (body: unknown) => {
      const issues = checker().check(body);
      if (issues.length === 0) return { value: body };
      return { error: body === null ? bodyEmpty() : invalid(httpPart, issues) };
    };
  }
  const read = textReader(schema);
  return (texts: Record<string, unknown>) => {
    const value = read(texts);
    const issues = checker().check(value);
    return issues.length === 0 ? { value } : { error: invalid(httpPart, issues) };
  };
}

function bodyEmpty(): DamsonError {
  return new DamsonError("BODY_EMPTY", "The body is empty, or null", {
    status: 400,
    remedy: "Send JSON, with the header Content-Type: application/json.",
  });
}

function invalid(httpPart: string, issues: readonly Issue[]): DamsonError {
  const { code, name } = PARTS[httpPart] ?? { code: "REQUEST_INVALID", name: "request" };
  return new DamsonError(code, `The ${name} is not valid: ${issuesSummary(issues)}`, { status: 400, issues });
}
