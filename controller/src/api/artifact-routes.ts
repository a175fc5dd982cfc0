import { lazyValidatorCompiler, type Routes } from "@damson/core/http";
import multipart from "@fastify/multipart";
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { artifactNotFound } from "../artifacts/errors.ts";
import { isArtifactSignature } from "../artifacts/signature.ts";
import { mutate } from "./mutate.ts";
import type { ApiParts } from "./routes.ts";
import {
  Artifact,
  ArtifactFileParams,
  ArtifactFileQuery,
  ArtifactList,
  ArtifactParams,
  UploadForm,
} from "./schema/artifacts.ts";
import { ChangeQuery, NoContent } from "./schema/common.ts";
import { sendArtifact } from "./send-artifact.ts";
import { receiveForm } from "./upload-form.ts";

const tags = ["apps"];

const Archive = {
  description: "The archive",
  content: { "application/zip": { schema: Type.Unsafe<unknown>({ type: "string", format: "binary" }) } },
};

/** Archives of apps: uploaded, listed, deleted, and fetched by agents. */
export function artifactRoutes(api: ApiParts): Routes {
  const { parts, artifacts } = api;
  return async (app) => {
    await app.register(uploadRoute(api));

    const list = { tags, summary: "Every artifact", response: { 200: ArtifactList } };
    app.get("/v1/apps", { schema: list }, async () => artifacts.list());

    const remove = {
      tags,
      summary: "Delete an artifact that no deployment uses",
      params: ArtifactParams,
      querystring: ChangeQuery,
      response: { 204: NoContent },
    };
    app.delete("/v1/apps/:artifactId", { schema: remove }, async (request, reply) => {
      await artifacts.remove(request.params.artifactId, ({ artifactId, work }) =>
        mutate(parts, request, { target: { kind: "artifacts", id: artifactId }, work }),
      );
      return reply.code(204).send(null);
    });

    const download = {
      tags,
      summary: "The archive itself",
      description: "Ranges and conditions are understood; its ETag is its SHA-256. Needs the token, or a signature.",
      params: ArtifactFileParams,
      querystring: ArtifactFileQuery,
      response: { 200: Archive, 206: Archive, 304: Type.Null({ description: "Not changed" }) },
    };
    app.route({
      // Fastify's own HEAD would read the whole file.
      method: ["GET", "HEAD"],
      exposeHeadRoute: false,
      url: "/artifacts/:file",
      schema: download,
      config: { open: (request: FastifyRequest) => isSigned(request, parts.artifactKey) },
      handler: async (request, reply) => {
        const artifact = artifacts.byFile(request.params.file);
        if (!artifact) throw artifactNotFound(request.params.file);
        return sendArtifact(request, reply, artifact.value, artifacts.directory);
      },
    });
  };
}

function uploadRoute({ parts, artifacts }: ApiParts): Routes {
  return async (app) => {
    app.removeAllContentTypeParsers();
    // So that the form's own check answers what is no form.
    app.addContentTypeParser("*", (_request, _payload, done) => done(null));
    await app.register(multipart);
    const schema = {
      tags,
      summary: "Upload an archive",
      description:
        "The same archive again is the same artifact. Another one with the same name and version is a new artifact, at a " +
        "URL of its own.",
      consumes: ["multipart/form-data"],
      querystring: ChangeQuery,
      body: UploadForm,
      response: { 200: Artifact },
    };
    app.post(
      "/v1/apps/upload",
      {
        schema,
        config: { largeBody: true },
        validatorCompiler: (route) =>
          route.httpPart === "body" ? (value: unknown) => ({ value }) : lazyValidatorCompiler(route),
      },
      async (request) => {
        const received = await receiveForm(request, artifacts, parts.settings.maxUploadBytes);
        return artifacts.add(received, ({ artifactId, work }) =>
          mutate(parts, request, {
            target: { kind: "artifacts", id: artifactId },
            content: received.sha256,
            work,
          }),
        );
      },
    );
  };
}

/** Whether the URL carries the right to fetch this one file. */
function isSigned({ params, query }: FastifyRequest, key: string): boolean {
  const { file } = Object(params);
  const { sig } = Object(query);
  return typeof file === "string" && typeof sig === "string" && isArtifactSignature(key, file, sig);
}
