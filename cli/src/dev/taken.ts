import { answer, createAgentClient, createControllerClient } from "@damson/client";
import { CliError } from "../cli-error.ts";

const TIMEOUT_MS = 1_000;

/** Where a server is to listen. */
interface Place {
  readonly host: string;
  readonly port: number;
}

/**
 * A server of Damson's that answers already is the usual reason for a taken port, and deserves better than "address in use".
 *
 * @throws CliError `CONTROLLER_RUNS_ALREADY` or `AGENT_RUNS_ALREADY`.
 */
export async function refuseSecond(places: { readonly controller: Place; readonly agent: Place }): Promise<void> {
  const controller = urlOf(places.controller);
  if (places.controller.port !== 0 && (await answersAsController(controller))) {
    throw new CliError("CONTROLLER_RUNS_ALREADY", `a controller answers on ${controller} already`, {
      remedy:
        "Use it: `npx damson node list`. If another `npm start` runs, end it with Ctrl-C. Or take another port: `npm start -- --controller-port 8180 --port 8181`.",
    });
  }
  const agent = urlOf(places.agent);
  if (places.agent.port !== 0 && (await answersAsAgent(agent))) {
    throw new CliError("AGENT_RUNS_ALREADY", `an agent answers on ${agent} already`, {
      remedy:
        "Use it: `npx damson status`. End it: `npx damson agent stop`. Or take another port: `npm start -- --port 8082`.",
    });
  }
}

async function answersAsController(url: string): Promise<boolean> {
  const { api } = createControllerClient({ url, timeoutMs: TIMEOUT_MS });
  return (await answer(api.GET("/v1/health")).catch(() => undefined)) !== undefined;
}

async function answersAsAgent(url: string): Promise<boolean> {
  const { api } = createAgentClient({ url, timeoutMs: TIMEOUT_MS });
  return (await answer(api.GET("/v1/health")).catch(() => undefined)) !== undefined;
}

function urlOf({ host, port }: Place): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
