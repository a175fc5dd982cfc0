import type { Routes } from "../../http/index.ts";
import { ApplyAnswer, ApplyQuery, ApplyRequest } from "../schema/apply.ts";
import { toSpec } from "../spec.ts";
import { specWarnings } from "../spec-warnings.ts";
import { changeAnswer, waitAsAsked } from "./answer.ts";
import { assertOwn } from "./own-apps.ts";
import type { ApiParts } from "./routes.ts";

export function applyRoute(parts: ApiParts): Routes {
  const { agent } = parts;
  return async (app) => {
    const schema = {
      tags: ["apps"],
      summary: "Declare an app: from now on it is kept like this",
      description: "The same document again changes nothing, except that it starts an app that was stopped.",
      querystring: ApplyQuery,
      body: ApplyRequest,
      response: { 200: ApplyAnswer },
    };
    app.post("/v1/apply", { schema }, async (request) => {
      const spec = toSpec(request.body);
      assertOwn(parts, spec.app, spec.assignment?.instance_id);
      const applied = await agent.apply(spec);
      const { wait, timeout } = request.query;
      if (wait) {
        const revision = applied.app.document.value.current;
        await waitAsAsked(agent, applied.app.name, { wanted: wait, revision }, timeout, request);
      }
      const warnings = [...specWarnings(spec), ...(applied.warnings ?? [])];
      return changeAnswer({ ...applied, warnings }, wait ? `App is ${wait}` : "App deployed successfully");
    });
  };
}
