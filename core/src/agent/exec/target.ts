import { DamsonError, type Runtime } from "@damson/plugin-sdk";
import type { App } from "../app.ts";
import type { Run } from "../follow-runs.ts";
import { instanceNotFound } from "../instance-not-found.ts";
import { runningInstances } from "../running-instances.ts";

/** A running instance whose runtime can run commands in it. */
export interface ExecTarget extends Run {
  readonly runtime: Runtime & Required<Pick<Runtime, "exec">>;
}

/**
 * The running instance in which a command is to be run: the one that is named, or the only one.
 *
 * @throws DamsonError `INSTANCE_NOT_FOUND` (404), `NOT_RUNNING` or `INSTANCE_AMBIGUOUS` (409), `EXEC_UNSUPPORTED` (422)
 */
export function execTarget(app: App, instance: string | undefined): ExecTarget {
  const { instances } = app.document.value;
  if (instance !== undefined && !instances.some(({ instance_id }) => instance_id === instance)) {
    throw instanceNotFound(app, instance);
  }
  const running = runningInstances(app).filter(({ instanceId }) => instanceId === (instance ?? instanceId));
  const [found, another] = running;
  if (!found)
    throw notRunning(instance === undefined ? `no instance of "${app.name}" runs` : `"${instance}" does not run`);
  if (another) throw ambiguous(app, running);
  const { runtime } = found;
  if (!canExec(runtime)) throw unsupported(runtime.name);
  return { ...found, runtime };
}

function canExec(runtime: Runtime): runtime is ExecTarget["runtime"] {
  return runtime.capabilities.exec && runtime.exec !== undefined;
}

function notRunning(message: string): DamsonError {
  return new DamsonError("NOT_RUNNING", message, { status: 409 });
}

function ambiguous(app: App, running: readonly Run[]): DamsonError {
  return new DamsonError("INSTANCE_AMBIGUOUS", `${running.length} instances of "${app.name}" run`, {
    status: 409,
    remedy: `Name one of them: ${running.map(({ instanceId }) => instanceId).join(", ")}.`,
  });
}

function unsupported(runtime: string): DamsonError {
  return new DamsonError("EXEC_UNSUPPORTED", `the runtime ${runtime} cannot run commands inside what it runs`, {
    status: 422,
  });
}
