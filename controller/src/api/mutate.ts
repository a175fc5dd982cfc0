import { createHash } from "node:crypto";
import { DamsonError, errorText, isDamsonError, type Json } from "@damson/plugin-sdk";
import type { FastifyRequest } from "fastify";
import type { Change } from "../changes/change.ts";
import type { Kind } from "../model/keys.ts";
import type { ControllerParts } from "../parts.ts";
import { auditRequest } from "./audit-request.ts";
import type { AuditRecord } from "./schema/records.ts";

/** One object that a request changes. */
export interface Target {
  readonly kind: Kind;
  readonly id: string;
}

/** What a request changes, and how. */
export interface Mutation<T extends Json> {
  /** Whose version a precondition means; `undefined` for what is made by this very request. */
  readonly target?: Target;
  /** What the request has made, for the audit log, where it has no target. */
  readonly made?: (answer: T) => Target;
  /** What stands for the body where it is no JSON: the same for the same request. */
  readonly content?: string | undefined;
  /** Reads, checks, writes, and gives the answer, as it is also given to those who repeat the request. Called again when others were faster. */
  readonly work: (change: Change) => T | Promise<T>;
  /** Whether the work did more than what is in its change, for the audit log. @default never */
  readonly didMore?: (answer: T) => boolean;
}

/** What a mutation came to. */
export interface Mutated<T> {
  readonly answer: T;
  /** Revision of the change: the `resourceVersion` of the objects that it wrote. */
  readonly revision: number;
  readonly changed: boolean;
}

/**
 * Makes the change that a request asks for: once, however often it is repeated with the same idempotency key; only if the
 * target still has the version that the request names; and with a record of it in the audit log before it is answered.
 *
 * @throws DamsonError `IDEMPOTENCY_KEY_REUSED` (422), `RESOURCE_VERSION_MISMATCH` (412), `RESOURCE_VERSION_INVALID` (400),
 *   `AUDIT_WRITE_FAILED` (507 or 500) when all is done but the record, and what the work throws.
 */
export async function mutate<T extends Json>(
  parts: ControllerParts,
  request: FastifyRequest,
  mutation: Mutation<T>,
): Promise<Mutated<T>> {
  const operationId = operationIdOf(request);
  let { target } = mutation;
  const audit = (outcome: AuditRecord["outcome"], status: number, error?: DamsonError): Promise<void> =>
    auditRequest(parts, request, {
      ...(target && { object: `${target.kind}/${target.id}` }),
      ...(operationId !== undefined && { operationId }),
      outcome,
      status,
      ...(error && { code: error.code, message: error.message }),
    });
  const { answer, revision, changed, repeated } = await perform(parts, request, operationId, mutation).catch(
    async (thrown: unknown) => {
      const error = isDamsonError(thrown) ? thrown : undefined;
      const status = error?.status ?? 500;
      await audit(status < 500 ? "refused" : "failed", status, error).catch((cause: unknown) =>
        parts.log.error({ err: cause }, "What was refused is not in the audit log"),
      );
      throw thrown;
    },
  );
  target ??= mutation.made?.(answer);
  const isDone = changed || mutation.didMore?.(answer) === true;
  const outcome = repeated ? "repeated" : isDone ? "done" : "unchanged";
  await audit(outcome, doneStatusOf(request)).catch((cause: unknown) => {
    throw notAudited(cause);
  });
  return { answer, revision, changed: changed && !repeated };
}

async function perform<T extends Json>(
  { changes, now }: ControllerParts,
  request: FastifyRequest,
  operationId: string | undefined,
  { target, content, work }: Mutation<T>,
): Promise<Mutated<T> & { repeated: boolean }> {
  const expected = expectedVersion(request);
  const key = operationId === undefined ? undefined : digest(operationId);
  const fingerprint = key === undefined ? "" : fingerprintOf(request, content);
  let earlier: number | undefined;
  let changed = false;
  const { result, revision } = await changes.run(async (change) => {
    const known = key === undefined ? undefined : change.get("operations", key);
    earlier = known?.revision;
    if (known) {
      if (known.value.fingerprint !== fingerprint) throw keyReused();
      // It was written as the answer of this very operation.
      return known.value.answer as T;
    }
    const found = target && expected !== undefined ? change.get(target.kind, target.id)?.revision : undefined;
    if (target && expected !== undefined && found !== undefined) checkVersion(target, found, expected);
    const answer = await work(change);
    // What is gone is not made anew by whoever meant what was there.
    if (target && expected && found === undefined && change.puts(target.kind, target.id))
      checkVersion(target, 0, expected);
    // Without what is kept of the operation itself.
    changed = change.size > 0;
    if (key !== undefined) change.put("operations", key, { fingerprint, answer, at: now().toISOString() });
    return answer;
  });
  return { answer: result, revision: earlier ?? revision, changed, repeated: earlier !== undefined };
}

/** With what a route answers when all went well, as its schema says. */
function doneStatusOf({ routeOptions }: FastifyRequest): number {
  return "204" in Object(routeOptions.schema?.response) ? 204 : 200;
}

function operationIdOf({ headers, query }: FastifyRequest): string | undefined {
  const header = headers["idempotency-key"];
  const id = (Array.isArray(header) ? header[0] : header) ?? Object(query).operation_id;
  if (id === undefined || (typeof id === "string" && /^[!-~]{1,255}$/.test(id))) return id;
  throw new DamsonError("IDEMPOTENCY_KEY_INVALID", "The idempotency key is not one", {
    status: 400,
    remedy: "Use 1 to 255 visible ASCII characters without blanks, e.g. a UUID.",
  });
}

function expectedVersion({ headers, query }: FastifyRequest): number | undefined {
  const tag = headers["if-match"];
  if (tag === undefined) return Object(query).resource_version;
  const [, version] = /^(?:W\/)?"(\d{1,15})"$/.exec(tag) ?? [];
  if (version !== undefined) return Number(version);
  throw new DamsonError("RESOURCE_VERSION_INVALID", "If-Match is not the version of an object", {
    status: 400,
    remedy: 'Send the resourceVersion in quotes, e.g. If-Match: "42".',
  });
}

/** @param found 0 when it is not there */
function checkVersion({ kind, id }: Target, found: number, expected: number): void {
  if (found === expected) return;
  const what = found === 0 ? `is gone, and had version ${expected}` : `has version ${found}, and not ${expected}`;
  throw new DamsonError("RESOURCE_VERSION_MISMATCH", `${kind}/${id} ${what}`, {
    status: 412,
    remedy: "Read it again, and decide anew.",
  });
}

/** The audit log says itself that nothing was changed, which is true of the log alone. */
function notAudited(cause: unknown): DamsonError {
  return new DamsonError(
    "AUDIT_WRITE_FAILED",
    `What was asked for is done, but not in the audit log: ${errorText(cause)}`,
    {
      status: isDamsonError(cause) ? cause.status : 500,
      remedy: "Look after the disk of the controller. To ask again does no harm with the same idempotency key.",
      cause,
    },
  );
}

function keyReused(): DamsonError {
  return new DamsonError("IDEMPOTENCY_KEY_REUSED", "The idempotency key was used for another request", {
    status: 422,
    remedy: "Use a new key for each change.",
  });
}

function fingerprintOf({ method, url, body }: FastifyRequest, content?: string): string {
  return digest(JSON.stringify([method, url, content ?? body ?? null]));
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
