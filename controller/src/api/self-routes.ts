import { pluginsApi, type ReloadReport } from "@damson/core/host";
import type { Routes } from "@damson/core/http";
import { isDamsonError } from "@damson/plugin-sdk";
import type {} from "@fastify/swagger";
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { ControllerParts } from "../parts.ts";
import { auditRequest } from "./audit-request.ts";
import type { ApiParts } from "./routes.ts";

const Health = Type.Object(
  {
    status: Type.Literal("healthy"),
    service: Type.Literal("damson-controller"),
    version: Type.String({ description: "Of Damson." }),
    controllerId: Type.String({ description: "Of the controller's store." }),
    insecure: Type.Optional(Type.Literal(true, { description: "Whoever reaches it can do anything." })),
    failover: Type.Object({
      enabled: Type.Boolean({ description: "Whether instances of lost nodes are placed anew." }),
      suspended: Type.Boolean({ description: "Nothing moves: too many nodes were lost at once." }),
      reason: Type.Optional(Type.String()),
    }),
  },
  { $id: "ControllerHealth" },
);

/** The controller itself: its health and its plugins. */
export function selfRoutes({ parts, deployments, insecure }: ApiParts): Routes {
  return async (app) => {
    app.get("/healthz", { schema: { hide: true }, config: { open: true } }, async (_request, reply) =>
      reply.type("text/plain").send("ok"),
    );

    const health = { tags: ["controller"], summary: "Whether the controller answers", response: { 200: Health } };
    app.get("/v1/health", { schema: health, config: { open: true } }, async () => ({
      status: "healthy" as const,
      service: "damson-controller" as const,
      version: parts.version,
      controllerId: parts.controllerId,
      ...(insecure && { insecure: true as const }),
      failover: failoverOf(deployments),
    }));

    await app.register(
      pluginsApi({ plugins: parts.plugins, tag: "controller", reload: (request) => reload(parts, request) }),
    );
  };
}

function failoverOf({ state }: ApiParts["deployments"]): { enabled: boolean; suspended: boolean; reason?: string } {
  const { enabled, suspended } = state.failover;
  return { enabled, suspended: suspended !== undefined, ...(suspended && { reason: suspended.reason }) };
}

async function reload(parts: ControllerParts, request: FastifyRequest): Promise<ReloadReport> {
  try {
    const report = await parts.plugins.reload();
    await auditRequest(parts, request, { object: "plugins", outcome: "done", status: 200 });
    return report;
  } catch (thrown) {
    const error = isDamsonError(thrown) ? thrown : undefined;
    const { status = 500 } = error ?? {};
    const outcome = status < 500 ? "refused" : "failed";
    const why = error && { code: error.code, message: error.message };
    await auditRequest(parts, request, { object: "plugins", outcome, status, ...why });
    throw thrown;
  }
}
