import type { Constraint, SchedulerNode } from "@damson/plugin-sdk";
import { labelOf } from "../label.ts";
import { type Filter, roomIf } from "./filter.ts";

const NONE: readonly Constraint[] = [];

export const constraints: Filter = {
  name: "constraints",
  concerns: ({ request }) => request.placement.constraints !== undefined,
  room: ({ node }, { request }) =>
    roomIf((request.placement.constraints ?? NONE).every((constraint) => holds(node, constraint))),
  reason: ({ node }, { request }) =>
    (request.placement.constraints ?? NONE)
      .filter((constraint) => !holds(node, constraint))
      .map((constraint) => broken(node, constraint))
      .join("; "),
};

function holds(node: SchedulerNode, { label, operator, values = [] }: Constraint): boolean {
  const value = labelOf(node, label);
  if (operator === "exists") return value !== undefined;
  if (operator === "not_exists") return value === undefined;
  const among = value !== undefined && values.includes(value);
  return operator === "not_in" ? !among : among;
}

function broken(node: SchedulerNode, { label, operator, values = [] }: Constraint): string {
  const value = labelOf(node, label);
  const is = value === undefined ? `has no label ${label}` : `${label} is ${value}`;
  if (operator === "exists") return is;
  if (operator === "not_exists") return `has the label ${label}`;
  return `${is}, must ${operator === "not_in" ? "not be" : "be"} ${values.join(" or ") || "one of no values"}`;
}
