import { type ControllerClient, UnreachableError } from "@damson/client";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { type Context, contextOf } from "../context.ts";
import { EXIT } from "../exit-codes.ts";

/**
 * Does what a command is for with the controller that its settings name.
 *
 * @param timeoutMs Longest wait for one answer. @default 30 s
 * @throws CliError `CONTROLLER_UNREACHABLE` (exit code 4), and what the task throws.
 */
export async function withController(
  command: Command,
  task: (client: ControllerClient, context: Context) => Promise<void>,
  timeoutMs?: number,
): Promise<void> {
  const context = await contextOf(command);
  try {
    await task(context.controller(timeoutMs === undefined ? {} : { timeoutMs }), context);
  } catch (thrown) {
    throw controllerError(thrown);
  }
}

/** What was thrown, with what to do about a controller that does not answer. */
export function controllerError(thrown: unknown): unknown {
  if (!(thrown instanceof UnreachableError)) return thrown;
  return new CliError("CONTROLLER_UNREACHABLE", thrown.message, {
    exitCode: EXIT.unreachable,
    remedy: "Start one with `damson controller`, or say where it is with --controller URL or DAMSON_CONTROLLER.",
    cause: thrown,
  });
}
