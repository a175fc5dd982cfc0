import { ProblemError } from "@damson/client";

/** Refusals that may end by themselves, or by what an operator does about them. */
const PASSING_STATUSES = [401, 403, 408, 409, 421, 425, 429];
const PASSING_CODES = ["ANSWER_UNEXPECTED", "NOT_FOUND"];

/** Whether the controller refused the very content of a call: the same again would be refused again. */
export function isFinal(thrown: unknown): boolean {
  if (!(thrown instanceof ProblemError)) return false;
  const { code, status } = thrown.problem;
  return status >= 400 && status < 500 && !PASSING_STATUSES.includes(status) && !PASSING_CODES.includes(code);
}
