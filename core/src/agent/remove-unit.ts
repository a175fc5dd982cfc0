import { isDamsonError, type Runtime, type StopOptions } from "@damson/plugin-sdk";
import type { InstanceRecord } from "./document.ts";

/**
 * Removes what a runtime has of an instance, none of whose runs goes on as far as is known. What runs all the same was
 * started anew by somebody else: it is stopped first.
 *
 * @throws what the runtime throws
 */
export async function removeUnit(
  runtime: Runtime,
  owner: string,
  { instance_id: instanceId, handle, runtime: maker }: InstanceRecord,
  stop: StopOptions,
): Promise<void> {
  const unit = { owner, instanceId };
  try {
    await runtime.remove(unit);
  } catch (thrown) {
    const isRunning = isDamsonError(thrown) && thrown.code === "STILL_RUNNING";
    if (!isRunning || !handle || maker !== runtime.name) throw thrown;
    const { survivors } = await runtime.stop(handle, stop);
    if (survivors.length > 0) throw thrown;
    await runtime.remove(unit);
  }
}
