import { randomUUID } from "node:crypto";
import type { FastifyRequest } from "fastify";
import type { ControllerParts } from "../parts.ts";
import type { AuditRecord } from "./schema/records.ts";

/** What became of a request, beside what the request itself says. */
export type Outcome = Omit<AuditRecord, "id" | "time" | "requestId" | "actor" | "method" | "path">;

/** Keeps who asked for what, when, and what became of it. Resolves when that is durable. */
export async function auditRequest(
  { audit, now }: ControllerParts,
  request: FastifyRequest,
  outcome: Outcome,
): Promise<void> {
  await audit.append({
    id: randomUUID(),
    time: now().toISOString(),
    requestId: request.id,
    actor: `${request.headers.authorization === undefined ? "anonymous" : "token"} ${request.ip}`,
    method: request.method,
    path: request.url.split("?", 1)[0] ?? "",
    ...outcome,
  });
}
