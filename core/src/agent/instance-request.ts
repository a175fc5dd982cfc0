import type { Instance, Package } from "@damson/plugin-sdk";
import { type AppDocument, type InstanceRecord, revisionOf } from "./document.ts";
import type { AppSpec } from "./schema/apply.ts";

/** Who this agent is, as its apps and units learn it. */
export interface AgentIdentity {
  /** Put on every unit. Made once per work directory. */
  readonly owner: string;
  readonly nodeId: string;
  readonly controllerUrl?: string | undefined;
}

/** What a runtime is asked to run for `record`'s intended run. */
export function instanceRequest(document: AppDocument, record: InstanceRecord, identity: AgentIdentity): Instance {
  return instanceOf(revisionOf(document, record.intent.revision).spec, record.instance_id, record.intent.run, identity);
}

/** What a runtime is asked to run: the package and the injected names. */
export function instanceOf(spec: AppSpec, instanceId: string, run: number, identity: AgentIdentity): Instance {
  const called = spec.assignment?.app ?? spec.app;
  return {
    owner: identity.owner,
    nodeId: identity.nodeId,
    app: spec.app,
    version: spec.version,
    instanceId,
    run,
    pkg: packageOf(spec, identity),
    environment: {
      DAMSON_APP: called,
      DAMSON_VERSION: spec.version,
      DAMSON_INSTANCE_ID: instanceId,
      DAMSON_NODE_ID: identity.nodeId,
      PLUM_APP_NAME: called,
      PLUM_APP_VERSION: spec.version,
      PLUM_INSTANCE_ID: instanceId,
      WORKER_NODE_ID: identity.nodeId,
      ...(identity.controllerUrl ? { CONTROLLER_BASE: identity.controllerUrl } : {}),
    },
  };
}

/**
 * The package, as its runtime takes it. Of an assigned app a `url` may be a path: then it is the controller's, wherever
 * that is now, and a controller that moves restarts nothing.
 */
export function packageOf({ assignment, pkg }: AppSpec, { controllerUrl }: AgentIdentity): Package {
  const { url } = pkg as Package;
  if (!assignment || controllerUrl === undefined || typeof url !== "string" || !/^\/(?!\/)/.test(url))
    return pkg as Package;
  return { ...(pkg as Package), url: `${controllerUrl}${url}` };
}
