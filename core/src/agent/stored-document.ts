import type { Issue } from "@damson/plugin-sdk";
import { Type } from "typebox";
import { compileSchema } from "../schema/index.ts";
import { AppSpec } from "./schema/apply.ts";
import { ExitRecord } from "./schema/records.ts";

const Revision = Type.Object({
  revision: Type.Integer(),
  hash: Type.String(),
  unit_hash: Type.String(),
  applied_at: Type.String(),
  spec: AppSpec,
});

const Handle = Type.Object({
  owner: Type.String(),
  instanceId: Type.String(),
  run: Type.Integer(),
  unit: Type.Object({}, { additionalProperties: true }),
  startedAt: Type.String(),
  data: Type.Object({}, { additionalProperties: true }),
});

const InstanceRecord = Type.Object({
  instance_id: Type.String(),
  created_at: Type.String(),
  target: Type.Enum(["running", "stopped", "retired", "removed"]),
  revision: Type.Integer(),
  intent: Type.Object({
    run: Type.Integer(),
    revision: Type.Integer(),
    nonce: Type.Integer(),
    runtime: Type.Optional(Type.String()),
  }),
  handle: Type.Optional(Handle),
  runtime: Type.Optional(Type.String()),
  restarts: Type.Integer(),
  failures: Type.Integer(),
  deaths: Type.Array(Type.String()),
});

const StoredDocument = Type.Object({
  app: Type.String(),
  desired: Type.Enum(["running", "stopped", "deleted"]),
  current: Type.Integer(),
  revisions: Type.Array(Revision, { minItems: 1 }),
  nonce: Type.Integer(),
  instances: Type.Array(InstanceRecord),
  exits: Type.Array(ExitRecord),
  updated_at: Type.String(),
});

const checker = compileSchema(StoredDocument);

/** What is wrong with an app document that was read from disk: enough is checked that nothing that reads it can trip. */
export function checkDocument(data: unknown, name: string): readonly Issue[] {
  const issues = checker.check(data);
  if (issues.length > 0 || !checker.accepts(data)) return issues;
  if (data.app !== name) return [{ path: "app", message: `is "${data.app}", but the file is that of "${name}"` }];
  const known = new Set(data.revisions.map((revision) => revision.revision));
  const referred = [data.current, ...data.instances.flatMap((record) => [record.revision, record.intent.revision])];
  const missing = referred.find((revision) => !known.has(revision));
  return missing === undefined ? [] : [{ path: "revisions", message: `lacks revision ${missing}, which is in use` }];
}
