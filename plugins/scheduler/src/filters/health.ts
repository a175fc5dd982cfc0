import { type Filter, roomIf } from "./filter.ts";

export const health: Filter = {
  name: "health",
  room: ({ node }) => roomIf(node.health === "Healthy"),
  reason: ({ node }) => `is ${node.health}`,
};
