import type { App } from "./app.ts";
import type { Run } from "./follow-runs.ts";

/** The runs of an app that go on, each with the runtime that runs it. */
export function runningInstances(app: App): Run[] {
  return app.document.value.instances.flatMap(({ instance_id: instanceId }) => {
    const supervisor = app.supervisor(instanceId);
    const { handle, runtime } = supervisor?.run ?? {};
    return supervisor?.running && handle && runtime ? [{ instanceId, handle, runtime }] : [];
  });
}
