import type { Handle, Instance } from "@damson/plugin-sdk";
import { type Static, Type } from "typebox";
import { Compile } from "typebox/compile";
import type { Identity } from "../process/identity.ts";
import type { RunRecord } from "./record.ts";

const Process = Type.Object({ pid: Type.Integer(), start: Type.Integer() });
const HandleData = Type.Object({
  version: Type.Literal(1),
  boot_id: Type.String(),
  shim: Process,
  app: Process,
});
type HandleData = Static<typeof HandleData>;
const handleData = Compile(HandleData);

/** Names one run. */
export interface RunKey {
  readonly owner: string;
  readonly instanceId: string;
  readonly run: number;
}

/** The handle of a run whose record is `running` or `exited`. */
export function handleOf(key: RunKey, record: RunRecord): Handle {
  const { shim, app, bootId, startedAt } = record;
  const data: HandleData | undefined = shim &&
    app && { version: 1, boot_id: bootId, shim: { ...shim }, app: { ...app } };
  return {
    owner: key.owner,
    instanceId: key.instanceId,
    run: key.run,
    unit: app ? { pid: app.pid } : {},
    startedAt: startedAt.toISOString(),
    data: data ?? {},
  };
}

/** The processes of a run. */
export interface RunProcesses {
  readonly shim: Identity;
  readonly app: Identity;
  readonly bootId: string;
}

/** The processes that a handle names; `undefined` for a run that never ran. */
export function processesOf(handle: Handle): RunProcesses | undefined {
  const { data } = handle;
  if (!handleData.Check(data)) return undefined;
  return { shim: data.shim, app: data.app, bootId: data.boot_id };
}

/** The run that an instance asks for. */
export function keyOf({ owner, instanceId, run }: Instance | Handle): RunKey {
  return { owner, instanceId, run };
}
