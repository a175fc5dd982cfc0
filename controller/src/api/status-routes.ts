import type { Routes } from "@damson/core/http";
import type { ApiParts } from "./routes.ts";

export function statusRoutes(_api: ApiParts): Routes {
  return async () => undefined;
}
