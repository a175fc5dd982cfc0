import { createAgentClient, createControllerClient } from "@damson/client";
import { DeploymentError } from "../cluster/await-deployment.ts";
import { showUnwell } from "../cluster/settle.ts";
import { type Colors, colorsFor } from "../output/colors.ts";
import { note, print } from "../output/out.ts";
import { renderReport, reportOf } from "../report.ts";
import { deleteLocalSample, deploySample, readSample } from "./sample.ts";

const TIMEOUT_MS = 60_000;

/** What runs. */
interface Running {
  readonly controller: string;
  readonly agent: string;
  readonly token: string | undefined;
  readonly stateDir: string;
  readonly nodeId: string;
}

/** Deploys the sample, and tells where everything is and what to try. A sample that fails is told of; the rest goes on. */
export async function show(running: Running, colors: Colors, signal: AbortSignal): Promise<void> {
  const { controller: url, agent, nodeId, stateDir, token } = running;
  const controller = createControllerClient({ url, token, timeoutMs: TIMEOUT_MS });
  await print(`Controller  ${colors.cyan(url)}  its API is shown at ${url}/swagger`);
  await print(`Agent       ${colors.cyan(agent)}  node ${nodeId}; state in ${stateDir}`);
  const sample = await readSample(controller);
  const { name } = sample;
  try {
    if (await deleteLocalSample(createAgentClient({ url: agent, token, timeoutMs: TIMEOUT_MS }), name)) {
      note(`${name} was applied on the agent itself by an earlier version; now the controller keeps it running.`);
    }
    await deploySample(controller, sample, signal);
    await print(`App         ${colors.cyan(sample.url ?? "(no port)")}  ${name} is healthy`);
  } catch (thrown) {
    if (signal.aborted) return;
    // Controller and agent run all the same, and can show what is the matter.
    if (thrown instanceof DeploymentError) await showUnwell(thrown.detail);
    note(renderReport(await reportOf(thrown), colorsFor(process.stderr, true)));
  }
  await print(nextSteps(name, running, colors));
}

function nextSteps(name: string, { agent, controller }: Running, colors: Colors): string {
  const ofController = controller === "http://127.0.0.1:8080" ? "" : ` --controller ${controller}`;
  const ofAgent = agent === "http://127.0.0.1:8081" ? "" : ` --agent ${agent}`;
  const commands = [
    `node list${ofController}`,
    `deployment show ${name}${ofController}`,
    `explain ${name}${ofController}`,
    `status${ofAgent}`,
  ];
  return [
    "\nTry, in another terminal:",
    ...commands.map((words) => `  ${colors.bold(`npx damson ${words}`)}`),
    `\nCtrl-C ends both and leaves the apps running; \`npx damson agent stop --apps${ofAgent}\` ends all.`,
  ].join("\n");
}
