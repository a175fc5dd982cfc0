import type { ExecSession } from "@damson/plugin-sdk";
import { Type } from "typebox";
import type { Routes } from "../../http/index.ts";
import { relayExec } from "../exec/relay.ts";
import { execRequest } from "../exec/request.ts";
import { execTarget } from "../exec/target.ts";
import { AppParams, ExecQuery } from "../schema/requests.ts";
import type { ApiParts } from "./routes.ts";

const FRAMING = [
  "A WebSocket. A binary message is some bytes of a stream, behind one byte that names it: 0 stdin (from the client), 1",
  "stdout, 2 stderr (from the agent). A text message is JSON: from the client",
  '`{"type":"resize","columns":80,"rows":24}` for its terminal and `{"type":"eof"}` at the end of stdin; from the agent,',
  'as the last one, `{"type":"exit","code":0}` (`null` when nobody knows it) or `{"type":"error","problem":{…}}`. No',
  "message has more than 1 MiB. The command is ended when the connection is.",
].join(" ");

export function execRoute({ agent }: ApiParts): Routes {
  return async (app) => {
    const schema = {
      tags: ["apps"],
      summary: "Run a command inside a running instance",
      description: FRAMING,
      params: AppParams,
      querystring: ExecQuery,
      response: { 101: Type.Null({ description: "The command is being started; what follows is said above" }) },
    };
    app.route({
      method: "GET",
      url: "/v1/apps/:app/exec",
      exposeHeadRoute: false,
      schema,
      config: { webSocket: true },
      // What can be known before is answered before, with a problem document.
      preHandler: async ({ params, query }) => {
        execRequest(query);
        execTarget(agent.app(params.app), query.instance);
      },
      // Only requests to upgrade come so far.
      handler: async () => undefined,
      wsHandler: async (socket, { params, query, id, log }) => {
        const open = async (signal: AbortSignal): Promise<ExecSession> => {
          const { instanceId, runtime, handle } = execTarget(agent.app(params.app), query.instance);
          // The program alone: arguments and environment may hold secrets.
          const message = `runs ${JSON.stringify(query.command[0])}`;
          agent.events.publish({ type: "instance.exec", app: params.app, instance_id: instanceId, message });
          return runtime.exec(handle, execRequest(query), signal);
        };
        const { stdin = false, tty = false } = query;
        await relayExec(socket, { open, stdin, terminal: tty, closing: app.closing, requestId: id, log });
      },
    });
  };
}
