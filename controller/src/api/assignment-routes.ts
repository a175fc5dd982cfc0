import type { Routes } from "@damson/core/http";
import type { ApiParts } from "./routes.ts";

export function assignmentRoutes(_api: ApiParts): Routes {
  return async () => undefined;
}
