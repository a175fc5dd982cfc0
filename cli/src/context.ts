import {
  type AgentClient,
  type ClientOptions,
  type ControllerClient,
  createAgentClient,
  createControllerClient,
} from "@damson/client";
import type { Command } from "commander";
import { type Colors, colorsFor } from "./output/colors.ts";
import { print } from "./output/out.ts";
import { flagValues } from "./settings/flags.ts";
import { thisMachine } from "./settings/machine.ts";
import { resolveSettings, type Settings } from "./settings/resolve.ts";
import { readToken } from "./settings/token.ts";

/** Where commands look for a controller when no setting names one: an agent would join none then. */
const DEFAULT_CONTROLLER = "http://127.0.0.1:8080";

/** What every command works with. */
export interface Context {
  readonly settings: Settings;
  /** Whether the output is for programs. */
  readonly json: boolean;
  /** Colours of stdout. */
  readonly colors: Colors;
  /** The agent that the settings name. `timeoutMs` is the longest wait for an answer. @default 30 s */
  agent(options?: { timeoutMs?: number }): AgentClient;
  /** The controller that the settings name, likewise. */
  controller(options?: { timeoutMs?: number }): ControllerClient;
  /** Prints an answer: as it is for programs, else as the text that `render` makes of it. */
  show<T>(value: T, render: (value: T) => string): Promise<void>;
}

/** The context of a command that was called with these options. */
export async function contextOf(command: Command): Promise<Context> {
  const options = command.optsWithGlobals();
  const settings = await resolveSettings(flagValues(options), thisMachine());
  const json = options.json === true;
  return {
    settings,
    json,
    colors: colorsFor(process.stdout, options.color !== false && !json),
    agent: ({ timeoutMs } = {}) => createAgentClient(clientOptions(settings.agent, settings, timeoutMs)),
    controller: ({ timeoutMs } = {}) =>
      createControllerClient(clientOptions(settings.controller ?? DEFAULT_CONTROLLER, settings, timeoutMs)),
    show: (value, render) => print(json ? JSON.stringify(value, null, 2) : render(value)),
  };
}

function clientOptions(url: string, settings: Settings, timeoutMs: number | undefined): ClientOptions {
  return { url, token: readToken(settings), ...(timeoutMs === undefined ? {} : { timeoutMs }) };
}
