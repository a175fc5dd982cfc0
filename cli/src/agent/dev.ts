import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type AgentClient, answer, createAgentClient } from "@damson/client";
import type { Command } from "commander";
import { applyDocument } from "../apply/apply-document.ts";
import { type ApplyDocument, readDocuments } from "../apply/documents.ts";
import { lastLines } from "../apply/failure-log.ts";
import { resolvePaths } from "../apply/relative-paths.ts";
import { CliError } from "../cli-error.ts";
import { interruptSignal, whenAborted } from "../interrupt.ts";
import { type Colors, colorsFor } from "../output/colors.ts";
import { note, print } from "../output/out.ts";
import { plain } from "../output/plain.ts";
import { withProgress } from "../output/progress.ts";
import { renderReport, reportOf } from "../report.ts";
import { flagValues } from "../settings/flags.ts";
import { thisMachine } from "../settings/machine.ts";
import { resolveSettings, type Settings } from "../settings/resolve.ts";
import { readToken } from "../settings/token.ts";
import { serverLogger } from "./logger.ts";
import { startAgentFrom } from "./start.ts";

const CLONE = fileURLToPath(new URL("../../..", import.meta.url));
const SAMPLE = join(CLONE, "examples", "hello", "app.yaml");

/**
 * Brings up an agent with its state in the clone, applies the sample app, and tells what to try next. Ctrl-C ends the
 * agent; the app goes on.
 */
export async function runDev(command: Command): Promise<void> {
  if (!existsSync(SAMPLE)) {
    throw new CliError(
      "DEV_NEEDS_CLONE",
      `\`damson dev\` shows the sample app of a clone, and ${SAMPLE} is not there`,
      {
        remedy: "Use `damson agent`, and `damson apply -f` with an app of yours.",
      },
    );
  }
  const options = command.optsWithGlobals();
  const settings = await resolveSettings(flagValues(options), thisMachine(), {
    workDir: join(CLONE, ".damson"),
    plugins: join(CLONE, "plugins.yaml"),
  });
  await refuseSecond(settings);
  const interrupted = interruptSignal();
  const agent = await startAgentFrom(settings, await serverLogger(process.stderr, "warn"));
  const colors = colorsFor(process.stdout, options.color !== false);
  const client = createAgentClient({ url: agent.url, token: readToken(settings), timeoutMs: 60_000 });
  const shown = showSample(client, settings, colors, interrupted);
  void whenAborted(interrupted).then(() => {
    note("\nThe agent ends; the apps go on, and `npm start` finds them again.");
    note("To stop them too: `npm start`, then `npx damson agent stop --apps` in another terminal.");
    return agent.stop();
  });
  await agent.ended;
  await shown;
}

/** An agent that answers already is the usual reason for a taken port, and deserves better than "address in use". */
async function refuseSecond({ host, port }: Settings): Promise<void> {
  if (port === 0) return;
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  const { api } = createAgentClient({ url, timeoutMs: 1_000 });
  const health = await answer(api.GET("/v1/health")).catch(() => undefined);
  if (!health) return;
  throw new CliError("AGENT_RUNS_ALREADY", `an agent answers on ${url} already`, {
    remedy:
      "Use it: `npx damson status`. End it: `npx damson agent stop`. Or take another port: `npm start -- --port 8082`.",
  });
}

async function showSample(client: AgentClient, settings: Settings, colors: Colors, signal: AbortSignal): Promise<void> {
  await print(`Agent  ${colors.cyan(client.url)}  state in ${settings.workDir}`);
  const [document] = await readDocuments(SAMPLE);
  if (!document) return;
  resolvePaths(document.value, document.folder);
  const app = String(document.value.app);
  try {
    await withProgress(`starting ${app}`, false, (progress) =>
      applyDocument(client, document.value, { wait: "healthy", progress }),
    );
    const { healthy, phase } = await answer(client.api.GET("/v1/status/{app}", { params: { path: { app } } }));
    await print(
      `App    ${colors.cyan(urlOf(document))}  ${app} is ${healthy.level === 100 ? "healthy" : `${phase}: ${plain(healthy.msg)}`}`,
    );
  } catch (thrown) {
    if (signal.aborted) return;
    // The agent runs all the same, and can show what is the matter.
    note(renderReport(await reportOf(thrown), colorsFor(process.stderr, true)));
    note(await lastLines(client, app, colors));
  }
  await print(nextSteps(app, client.url === "http://127.0.0.1:8081" ? "" : ` --agent ${client.url}`, colors));
}

function nextSteps(app: string, at: string, colors: Colors): string {
  const commands = [`status ${app}`, `logs ${app} -f`, `restart ${app}`];
  return [
    "\nTry, in another terminal:",
    ...commands.map((words) => `  ${colors.bold(`npx damson ${words}${at}`)}`),
    `\nCtrl-C ends the agent and leaves the apps running; \`npx damson agent stop --apps${at}\` ends both.`,
  ].join("\n");
}

function urlOf({ value }: ApplyDocument): string {
  const [service]: unknown[] = Array.isArray(value.services) ? value.services : [];
  const port = typeof service === "object" && service !== null && "port" in service ? service.port : undefined;
  return port === undefined ? "(no port)" : `http://127.0.0.1:${port}/`;
}
