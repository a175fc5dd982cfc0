import { type ExitStatus, exitStatusOf, unknownExit } from "@damson/plugin-sdk";
import type { ContainerInspectInfo } from "dockerode";

/** What the engine says of a container. */
export type ContainerState = ContainerInspectInfo["State"];

/** Whether its program has been started, and has not ended. */
export function isRunning({ Running, Status }: ContainerState): boolean {
  // A container that is being restarted or is paused has not ended.
  return Running || Status === "paused" || Status === "restarting";
}

/** Whether it was made and never started. A start that failed may leave it in any status. */
export function isFresh({ StartedAt }: ContainerState): boolean {
  return !isTime(StartedAt);
}

/**
 * How the container ended.
 *
 * An engine that finds a container dead, and did not see it end (its host was rebooted, its helper was killed), leaves the
 * time of the end out and may say code 0: that is not known.
 */
export function exitOf(state: ContainerState): ExitStatus {
  // An end just after the start may be noted as a moment before it.
  if (!isTime(state.FinishedAt)) return unknownExit("the engine did not see it end");
  const oom = state.OOMKilled && state.ExitCode !== 0;
  return exitStatusOf(state.ExitCode, { oom, endedAt: new Date(state.FinishedAt).toISOString() });
}

/** What the image's own HEALTHCHECK says, unless the container is paused; `undefined` when there is none. */
export function healthOf({ Health, Status }: ContainerState): { healthy: boolean; message: string } | undefined {
  if (Status === "paused") return { healthy: false, message: "it is paused" };
  if (!Health?.Status || Health.Status === "none") return undefined;
  if (Health.Status === "healthy") return { healthy: true, message: "Running" };
  if (Health.Status === "starting") return { healthy: false, message: "its health check has not passed yet" };
  const output = Health.Log?.at(-1)?.Output?.trim().split("\n").at(-1)?.slice(0, 200);
  return { healthy: false, message: `its health check fails${output ? `: ${output}` : ""}` };
}

/** The year 1 stands for never. */
function isTime(text: string): boolean {
  return Date.parse(text) > 0;
}
