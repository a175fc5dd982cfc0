import { Type } from "typebox";
import { expect, onTestFinished, test } from "vitest";
import { createServer, type Server } from "./index.ts";

type Add = (app: Server) => unknown;

const apply: Add = (app) =>
  app.post(
    "/v1/apply",
    {
      schema: {
        operationId: "apply",
        tags: ["apps"],
        body: Type.Object({ app: Type.String() }),
        response: { 200: Type.Object({}) },
      },
    },
    async () => ({}),
  );
const health: Add = (app) => app.get("/v1/health", { config: { open: true } }, async () => ({}));
const hidden: Add = (app) => app.get("/internal", { schema: { hide: true } }, async () => ({}));

async function documentOf(...routes: Add[]) {
  const tags = [{ name: "apps", description: "What an agent keeps running" }];
  const app = await createServer({ title: "Test", version: "1.2.3", host: "127.0.0.1", tags });
  onTestFinished(() => app.close());
  for (const add of routes) add(app);
  return (await app.inject("/openapi.json")).body;
}

test("the document describes routes, their problems and their token", async () => {
  const document = JSON.parse(await documentOf(apply, health, hidden));
  expect(document).toMatchObject({
    openapi: "3.1.0",
    info: { title: "Test", version: "1.2.3" },
    tags: [{ name: "apps" }],
    security: [{ token: [] }],
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
      schemas: { Problem: { required: expect.arrayContaining(["code", "detail", "request_id"]) } },
    },
  });
  expect(Object.keys(document.paths)).toEqual(["/v1/apply", "/v1/health"]);
  const { post } = document.paths["/v1/apply"];
  expect(post).toMatchObject({ operationId: "apply", tags: ["apps"] });
  expect(post.requestBody.content["application/json"].schema.required).toEqual(["app"]);
  expect(Object.keys(post.responses)).toEqual(["200", "default"]);
  expect(post.responses.default.content["application/problem+json"].schema.$ref).toBe("#/components/schemas/Problem");
  expect(document.paths["/v1/health"].get.security).toEqual([]);
});

const unhealthy: Add = (app) => app.delete("/v1/health", async () => ({}));

test("the order of registration does not show", async () => {
  expect(await documentOf(health, apply, unhealthy)).toBe(await documentOf(unhealthy, apply, health));
});
