import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { PROBLEM_TYPE, ProblemSchema } from "./problem.ts";

/** What the OpenAPI document says of a server. */
export interface ServerFacts {
  /** Name of the API, e.g. `Damson agent`. */
  readonly title: string;
  /** Damson's version. */
  readonly version: string;
  /** Groups of routes, for `schema.tags`. @default [] */
  readonly tags?: readonly { readonly name: string; readonly description: string }[];
  /** Whether the document is served without a token. @default false */
  readonly openDocument?: boolean | undefined;
}

const PROBLEM_RESPONSE = {
  description: "The request failed",
  content: { [PROBLEM_TYPE]: { schema: { $ref: "Problem#" } } },
};

/** Serves `GET /openapi.json`: OpenAPI 3.1 of every route, in an order that does not depend on that of registration. */
export async function serveOpenApi(app: FastifyInstance, facts: ServerFacts): Promise<void> {
  const { title, version, tags = [], openDocument = false } = facts;
  app.addSchema(ProblemSchema);
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title, version },
      tags: [...tags],
      components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
      security: [{ token: [] }],
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? `def-${index}`) },
    transform: ({ schema, url, route }) => ({
      url,
      schema: {
        ...schema,
        ...(route.config?.open === true && { security: [] }),
        response: { ...Object(schema?.response), default: PROBLEM_RESPONSE },
      },
    }),
  });
  app.get("/openapi.json", { schema: { hide: true }, config: { open: openDocument } }, async () => openApiOf(app));
}

/** The document that a server serves at `/openapi.json`. */
export function openApiOf(app: FastifyInstance): object {
  return inOrder(app.swagger());
}

function inOrder(document: object & { paths?: object; components?: object & { schemas?: object } }): object {
  const { paths = {}, components = {} } = document;
  return {
    ...document,
    paths: sorted(Object.fromEntries(Object.entries(paths).map(([path, methods]) => [path, sorted(methods)]))),
    components: { ...components, schemas: sorted(components.schemas ?? {}) },
  };
}

function sorted(record: object): object {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
