import type { Routes } from "@damson/core/http";
import type { ApiParts } from "./routes.ts";

export function serviceRoutes(_api: ApiParts): Routes {
  return async () => undefined;
}
