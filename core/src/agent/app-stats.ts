import { DamsonError, errorText, isDamsonError, watchUsage } from "@damson/plugin-sdk";
import type { Agent } from "./agent.ts";
import type { App } from "./app.ts";
import { followRuns, type Run } from "./follow-runs.ts";
import { runningInstances } from "./running-instances.ts";
import type { InstanceUsage } from "./schema/records.ts";

/** What each running instance of an app uses now. @throws what a runtime throws */
export async function appStats(app: App): Promise<InstanceUsage[]> {
  const usages = runningInstances(app).map(async ({ instanceId, runtime, handle }) => {
    const usage = await runtime.stats(handle).catch(unlessEnded);
    return usage ? [{ instance_id: instanceId, ...usage }] : [];
  });
  return (await Promise.all(usages)).flat();
}

/**
 * The same, a sample of each about once a second, also of instances that come later, until `signal` aborts or the app is
 * gone. A reader that is slow gets fewer samples.
 *
 * @throws DamsonError `STATS_FAILED` (502)
 */
export function followStats(agent: Agent, app: App, signal: AbortSignal): AsyncGenerator<InstanceUsage> {
  return followRuns(agent, app, { runs: () => runningInstances(app), read: usageOf }, signal);
}

async function* usageOf({ instanceId, runtime, handle }: Run, signal: AbortSignal): AsyncGenerator<InstanceUsage> {
  try {
    for await (const usage of watchUsage(runtime, handle, signal)) yield { instance_id: instanceId, ...usage };
  } catch (cause) {
    const message = `what ${instanceId} uses cannot be read: ${errorText(cause)}`;
    throw new DamsonError("STATS_FAILED", message, { status: 502, cause });
  }
}

/** An instance that has ended meanwhile uses nothing. */
function unlessEnded(thrown: unknown): undefined {
  if (!isDamsonError(thrown) || thrown.code !== "NOT_RUNNING") throw thrown;
}
