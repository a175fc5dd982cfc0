import { DamsonError, type ExecRequest } from "@damson/plugin-sdk";
import type { ExecQuery } from "../schema/requests.ts";

const USUAL_SIZE = { columns: 80, rows: 24 } as const;

/**
 * What the query of an exec asks of the runtime.
 *
 * @throws DamsonError `QUERY_INVALID` (400) for what the schema cannot say.
 */
export function execRequest(query: ExecQuery): ExecRequest {
  const { command, env = [], working_dir, user, tty, columns, rows } = query;
  if (command[0] === "") throw invalid("command[0]", "the program has no name");
  if (!tty && columns !== undefined) throw invalid("columns", "there is a size, but no terminal", "Add tty=true.");
  if (!tty && rows !== undefined) throw invalid("rows", "there is a size, but no terminal", "Add tty=true.");
  const terminal = { columns: columns ?? USUAL_SIZE.columns, rows: rows ?? USUAL_SIZE.rows };
  return {
    command,
    environment: Object.fromEntries(
      env.map((one) => [one.slice(0, one.indexOf("=")), one.slice(one.indexOf("=") + 1)]),
    ),
    ...(working_dir === undefined ? {} : { workingDir: working_dir }),
    ...(user === undefined ? {} : { user }),
    ...(tty ? { terminal } : {}),
  };
}

function invalid(path: string, message: string, hint?: string): DamsonError {
  const issues = [{ path, message, ...(hint && { hint }) }];
  return new DamsonError("QUERY_INVALID", `The query string is not valid: ${path}: ${message}`, {
    status: 400,
    issues,
  });
}
