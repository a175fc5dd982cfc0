import type { Routes } from "@damson/core/http";
import type { ApiParts } from "./routes.ts";
import { Artifact, ArtifactList, ArtifactParams } from "./schema/artifacts.ts";
import { ChangeQuery, NoContent } from "./schema/common.ts";

export function artifactRoutes(_api: ApiParts): Routes {
  return async (app) => {
    const list = { tags: ["apps"], summary: "Every artifact", response: { 200: ArtifactList } };
    app.get("/v1/apps", { schema: list }, later);
    const upload = {
      tags: ["apps"],
      summary: "Upload an artifact",
      querystring: ChangeQuery,
      response: { 200: Artifact },
    };
    app.post("/v1/apps/upload", { schema: upload }, later);
    const remove = {
      tags: ["apps"],
      summary: "Delete an artifact",
      params: ArtifactParams,
      querystring: ChangeQuery,
      response: { 204: NoContent },
    };
    app.delete("/v1/apps/:artifactId", { schema: remove }, later);
  };
}

async function later(): Promise<never> {
  throw new Error("not there yet");
}
