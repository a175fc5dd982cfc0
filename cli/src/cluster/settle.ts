import { answer, type ControllerClient, type DeploymentAnswer, type DeploymentDetail } from "@damson/client";
import { type Command, Option } from "commander";
import type { Context } from "../context.ts";
import { colorsFor } from "../output/colors.ts";
import { note, print } from "../output/out.ts";
import { plain } from "../output/plain.ts";
import { withProgress } from "../output/progress.ts";
import { readDuration } from "../timeout.ts";
import { awaitDeployment, DeploymentError } from "./await-deployment.ts";
import type { Goal } from "./judge.ts";

/** A rollout goes from instance to instance. */
const DEFAULT_TIMEOUT = "5m";
const SHOWN_INSTANCES = 10;

/** Flags of the commands that change what a deployment runs. */
export interface SettleFlags {
  readonly wait?: Goal;
  readonly timeout?: string;
}

/** Adds `--wait` and `--timeout`. */
export function addSettleFlags(command: Command): Command {
  return addTimeoutFlag(
    command.addOption(
      new Option("--wait [state]", "return when every instance is so")
        .choices(["running", "healthy"])
        .preset("healthy"),
    ),
  );
}

/** Adds `--timeout`, which is read before anything is asked of the controller: a wrong one changes nothing. */
export function addTimeoutFlag(command: Command): Command {
  return command
    .option("--timeout <duration>", `longest wait (default: ${DEFAULT_TIMEOUT})`)
    .hook("preAction", async (_, called) => {
      const { timeout } = called.opts<SettleFlags>();
      if (timeout !== undefined) await readDuration("--timeout", timeout);
    });
}

/**
 * Waits for what a change has begun, if the flags say so, and shows what was answered.
 *
 * @param text What to print for a person.
 * @throws as {@link follow}
 */
export async function settle(
  client: ControllerClient,
  context: Context,
  { name, done, text }: { name: string; done: DeploymentAnswer; text: string },
  { wait, timeout }: SettleFlags,
): Promise<void> {
  if (!context.json) for (const warning of done.warnings) note(`warning: ${plain(warning)}`);
  if (wait) await follow(client, context, { id: name, goal: wait, version: done.version, timeout });
  else if (!context.json) await warnOfUnplaced(client, done.deploymentId);
  await print(context.json ? JSON.stringify(done) : `${context.colors.bold(name)}: ${text}`);
}

/** Where nobody waits for it, nothing else would say that there is no node for some of the instances. */
async function warnOfUnplaced({ api }: ControllerClient, id: string): Promise<void> {
  const all = await answer(api.GET("/v1/deployments"));
  const { name, status, unplaced, wanted } = all.find(({ deploymentId }) => deploymentId === id) ?? {};
  if (!unplaced || status === "Stopped") return;
  note(`warning: ${unplaced} of ${wanted} instances have no node yet; \`damson explain ${name}\` tells why`);
}

/**
 * Waits until a deployment is as it should be, and shows how far it is. When it fails, the instances that are not well are
 * shown on stderr, with what their agents last said.
 *
 * @throws DeploymentError `DEPLOYMENT_FAILED` or `WAIT_TIMEOUT`, and CliError (exit code 2) for a
 *   timeout that cannot be read.
 */
export async function follow(
  client: ControllerClient,
  { json }: Pick<Context, "json">,
  { id, goal, version, timeout }: { id: string; goal: Goal; version?: number; timeout?: string | undefined },
): Promise<DeploymentDetail> {
  const timeoutMs = await readDuration("--timeout", timeout ?? DEFAULT_TIMEOUT);
  try {
    return await withProgress(`waiting for ${id}`, json, (progress) =>
      awaitDeployment(client, { id, goal, version, timeoutMs }, progress),
    );
  } catch (thrown) {
    if (thrown instanceof DeploymentError && !json) await showUnwell(thrown.detail);
    throw thrown;
  }
}

/** Shows on stderr the instances that are not well, with what their agents last said. */
export async function showUnwell(detail: DeploymentDetail | undefined): Promise<void> {
  const unwell = (detail?.assignments ?? []).filter(({ healthy, removing }) => !healthy || removing !== undefined);
  if (unwell.length === 0) return;
  const { assignmentTable } = await import("../output/assignment-view.ts");
  note(assignmentTable(unwell.slice(0, SHOWN_INSTANCES), colorsFor(process.stderr, true), "node"));
  if (unwell.length > SHOWN_INSTANCES) note(`… and ${unwell.length - SHOWN_INSTANCES} more`);
}
