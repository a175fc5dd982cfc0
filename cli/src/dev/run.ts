import { existsSync } from "node:fs";
import { join } from "node:path";
import type { RunningController } from "@damson/controller";
import type { RunningAgent } from "@damson/core/agent";
import type { Command } from "commander";
import type { Logger } from "pino";
import { serverLogger } from "../agent/logger.ts";
import { startAgentFrom } from "../agent/start.ts";
import { CliError } from "../cli-error.ts";
import { startControllerFrom } from "../controller/start.ts";
import { interruptSignal, whenAborted } from "../interrupt.ts";
import { colorsFor } from "../output/colors.ts";
import { note } from "../output/out.ts";
import { flagValues } from "../settings/flags.ts";
import { thisMachine } from "../settings/machine.ts";
import { resolveSettings, type Settings } from "../settings/resolve.ts";
import { type ControllerStart, resolveControllerSettings } from "../settings/resolve-controller.ts";
import { readToken } from "../settings/token.ts";
import { CLONE, SAMPLE } from "./sample.ts";
import { show } from "./show.ts";
import { refuseSecond } from "./taken.ts";

/** What `damson dev` starts. */
interface Plan {
  readonly controller: ControllerStart;
  readonly agent: Settings;
}

/**
 * Brings up a controller and an agent that has joined it, with their state in the clone, deploys the sample, and tells what
 * to try next. Ctrl-C ends both; the apps go on.
 */
export async function runDev(command: Command): Promise<void> {
  if (!existsSync(SAMPLE)) {
    throw new CliError("DEV_NEEDS_CLONE", `\`damson dev\` shows the sample of a clone, and ${SAMPLE} is not there`, {
      remedy:
        "Use `damson controller` and `damson agent --controller URL`, and `damson deploy -f` with an app of yours.",
    });
  }
  const plan = await planOf(command);
  await refuseSecond(plan);
  const interrupted = interruptSignal();
  const logger = await serverLogger(process.stderr, "warn");
  const controller = await startedController(plan.controller, logger);
  const agent = await startedAgent(plan.agent, controller, logger);
  const token = readToken(plan.controller);
  const shown = show(
    { controller: controller.url, agent: agent.url, token, stateDir: plan.agent.workDir, nodeId: nodeIdOf(plan.agent) },
    colorsFor(process.stdout, command.optsWithGlobals().color !== false),
    interrupted,
  );
  void whenAborted(interrupted).then(() => {
    note("\nController and agent end; the apps go on, and `npm start` finds them again.");
    note("To stop them too: `npm start`, then `npx damson agent stop --apps` in another terminal.");
    return agent.stop();
  });
  await agent.ended;
  await shown;
  await controller.stop();
}

async function planOf(command: Command): Promise<Plan> {
  const options = command.optsWithGlobals();
  const machine = thisMachine();
  const workDir = join(CLONE, ".damson");
  const plugins = join(CLONE, "plugins.yaml");
  const { controllerPort: port, tokenFile } = options;
  const controller = await resolveControllerSettings({ port, tokenFile }, machine, {
    dataDir: join(workDir, "controller"),
    plugins,
  });
  const agent = await resolveSettings(flagValues(options), machine, { workDir, plugins });
  const controllerToken = readToken(controller);
  return { controller, agent: { ...agent, controllerToken, controllerTokenFile: undefined } };
}

/** Only here, two servers share a command, and the port is moved by a flag of another name. */
async function startedController(start: ControllerStart, logger: Logger): Promise<RunningController> {
  try {
    return await startControllerFrom(start, logger);
  } catch (thrown) {
    if (!(thrown instanceof Error && "code" in thrown && thrown.code === "PORT_TAKEN")) throw thrown;
    throw new CliError("PORT_TAKEN", thrown.message, {
      remedy: "Take another for the controller: `npm start -- --controller-port 8180`. Or end that program.",
      cause: thrown,
    });
  }
}

async function startedAgent(settings: Settings, controller: RunningController, logger: Logger): Promise<RunningAgent> {
  try {
    return await startAgentFrom({ ...settings, controller: controller.url }, logger);
  } catch (thrown) {
    await controller.stop();
    throw thrown;
  }
}

function nodeIdOf({ agentId, nodeId }: Settings): string {
  return nodeId ?? agentId;
}
