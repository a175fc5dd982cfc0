import type { Runtime } from "@damson/plugin-sdk";
import { type AppDocument, assignmentOf, type InstanceRecord, revisionOf } from "./document.ts";
import type { SupervisorContext } from "./supervisor-context.ts";

/** A runtime that can be asked now, or why it cannot. */
export type Asked = { readonly runtime: Runtime } | { readonly waits: string };

type Context = Pick<SupervisorContext, "runtimes" | "unusable" | "isLoading" | "held">;

/** The runtime that serves the instance's next run, of this revision, if it may start. */
export function nextRuntime(
  context: Context,
  document: AppDocument,
  record: InstanceRecord,
  revision: number = record.intent.revision,
): Asked {
  const held = assignmentOf(document) && context.held();
  if (held !== undefined) return { waits: held };
  const type = typeOf(document, revision);
  const runtime = context.runtimes.select(type, record.runtime ?? record.intent.runtime);
  if (runtime) return ifUsable(context, runtime);
  if (context.isLoading()) return STILL_LOADING;
  const { awaited } = context.runtimes;
  if (awaited === undefined)
    return { waits: `no loaded runtime serves packages of type "${type}"; see \`damson plugin list\`` };
  return { waits: `waits for the runtime of the run mode: "${awaited}" is not loaded; see \`damson plugin list\`` };
}

/** Name of the runtime with which a new instance of this package type would be started now. */
export function startableWith(context: Context, packageType: string): string | undefined {
  const runtime = context.runtimes.select(packageType);
  return runtime && context.unusable(runtime) === undefined ? runtime.name : undefined;
}

/** The runtime of this name, which has something of the instance. */
export function namedRuntime(context: Context, name: string): Asked {
  const runtime = context.runtimes.named(name);
  if (runtime) return ifUsable(context, runtime);
  if (context.isLoading()) return STILL_LOADING;
  return { waits: `it belongs to the runtime "${name}", which is not loaded; see \`damson plugin list\`` };
}

/** Name of the runtime that has the intended run, where one may have it. */
export function holderOf(context: Context, document: AppDocument, record: InstanceRecord): string | undefined {
  if (record.handle?.run === record.intent.run) return record.runtime ?? record.intent.runtime;
  if (record.ended?.final) return undefined;
  const { runtime: name, revision } = record.intent;
  const runtime = name === undefined ? undefined : context.runtimes.named(name);
  // The package has changed since: a runtime that does not serve it was not asked to start it.
  return runtime && !Object.hasOwn(runtime.packageSchemas, typeOf(document, revision)) ? undefined : name;
}

/** The names of the runtimes that had, or may have had, a run of the instance. */
export function earlierRuntimes(record: InstanceRecord): string[] {
  const names = [record.handle && record.runtime, record.intent.runtime];
  return [...new Set(names)].filter((name) => name !== undefined);
}

/** Whatever may have something of the instance: what had a run of it, and what can be asked and may have prepared one. */
export function allHolders(context: Context, document: AppDocument, record: InstanceRecord): Asked[] {
  const sure = earlierRuntimes(record);
  const types = [record.intent.revision, record.revision].map((revision) => typeOf(document, revision));
  const others = types
    .flatMap((type) => context.runtimes.serving(type))
    .filter((runtime) => context.unusable(runtime) === undefined && !sure.includes(runtime.name));
  return [...sure.map((name) => namedRuntime(context, name)), ...[...new Set(others)].map((runtime) => ({ runtime }))];
}

const STILL_LOADING: Asked = { waits: "waits for its runtime: the plugins are still being loaded" };

function ifUsable(context: Context, runtime: Runtime): Asked {
  const reason = context.unusable(runtime);
  return reason === undefined ? { runtime } : { waits: `waits for the runtime ${runtime.name}: ${reason}` };
}

function typeOf(document: AppDocument, revision: number): string {
  return revisionOf(document, revision).spec.pkg.type;
}
