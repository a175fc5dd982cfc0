import { DamsonError, type Json } from "@damson/plugin-sdk";
import { Type } from "typebox";
import type { Routes } from "../../http/index.ts";
import type { App } from "../app.ts";
import { redactSpec } from "../redact.ts";
import { runningInstances } from "../running-instances.ts";
import { ApplyAnswer } from "../schema/apply.ts";
import { ExitList, VersionList } from "../schema/records.ts";
import { ActionParams, AppParams, DeclareQuery, RevealQuery, RollbackQuery, WaitQuery } from "../schema/requests.ts";
import { changeAnswer, waitAsAsked } from "./answer.ts";
import { assertOwn } from "./own-apps.ts";
import type { ApiParts } from "./routes.ts";

export function appRoutes(parts: ApiParts): Routes {
  const { agent } = parts;
  return async (app) => {
    const changes = [
      { name: "start", wanted: "running", done: "App started", summary: "Run an app that was stopped or has ended" },
      { name: "stop", wanted: "stopped", done: "App stopped", summary: "Stop an app; it stays declared" },
    ] as const;
    for (const { name, wanted, done, summary } of changes) {
      const schema = {
        tags: ["apps"],
        summary,
        params: AppParams,
        querystring: DeclareQuery,
        response: { 200: ApplyAnswer },
      };
      app.post(`/v1/apps/:app/${name}`, { schema }, async (request) => {
        const { wait, timeout, assignment } = request.query;
        assertOwn(parts, request.params.app, assignment);
        const changed = await agent[name](request.params.app);
        if (wait) await waitAsAsked(agent, changed.app.name, { wanted }, timeout, request);
        return changeAnswer(changed, done);
      });
    }

    const restart = {
      tags: ["apps"],
      summary: "End every run and begin a new one",
      params: AppParams,
      querystring: WaitQuery,
      response: { 200: ApplyAnswer },
    };
    app.post("/v1/apps/:app/restart", { schema: restart }, async (request) => {
      const changed = await agent.restart(request.params.app);
      const { wait, timeout } = request.query;
      if (wait) await waitAsAsked(agent, changed.app.name, { wanted: "running" }, timeout, request);
      return changeAnswer(changed, "App restarted");
    });

    const rollback = {
      tags: ["apps"],
      summary: "Apply an earlier version again",
      params: AppParams,
      querystring: RollbackQuery,
      response: { 200: ApplyAnswer },
    };
    app.post("/v1/apps/:app/rollback", { schema: rollback }, async (request) => {
      const { wait, timeout, revision } = request.query;
      assertOwn(parts, request.params.app);
      const changed = await agent.rollback(request.params.app, revision);
      const goal = { wanted: "running", revision: changed.app.document.value.current } as const;
      if (wait) await waitAsAsked(agent, changed.app.name, goal, timeout, request);
      return changeAnswer(changed, "App rolled back");
    });

    const remove = {
      tags: ["apps"],
      summary: "Stop an app, remove its units and logs, and forget it",
      params: AppParams,
      querystring: DeclareQuery,
      response: { 200: ApplyAnswer },
    };
    app.delete("/v1/apps/:app", { schema: remove }, async (request) => {
      const { wait, timeout, assignment } = request.query;
      assertOwn(parts, request.params.app, assignment);
      const changed = await agent.delete(request.params.app);
      const answer = changeAnswer(changed, "App deleted");
      if (wait) await waitAsAsked(agent, changed.app.name, { wanted: "deleted" }, timeout, request);
      return answer;
    });

    const action = {
      tags: ["apps"],
      summary: "An action of the app's own runtime, e.g. confirm",
      params: ActionParams,
      body: Type.Optional(Type.Unknown({ description: "Input of the action" })),
      response: { 200: Type.Object({ results: Type.Record(Type.String(), Type.Unknown()) }) },
    };
    app.post("/v1/apps/:app/actions/:action", { schema: action }, async (request) => {
      const found = agent.app(request.params.app);
      return { results: await act(found, request.params.action, (request.body ?? null) as Json) };
    });

    const exits = {
      tags: ["observe"],
      summary: "The last exits, newest last",
      params: AppParams,
      response: { 200: ExitList },
    };
    app.get("/v1/apps/:app/exits", { schema: exits }, async (request) => ({
      exits: [...agent.app(request.params.app).document.value.exits],
    }));

    const versions = {
      tags: ["observe"],
      summary: "The kept versions, newest first",
      params: AppParams,
      querystring: RevealQuery,
      response: { 200: VersionList },
    };
    app.get("/v1/apps/:app/versions", { schema: versions }, async (request) => {
      const document = agent.app(request.params.app).document.value;
      const reveal = new Set((request.query.reveal ?? "").split(",").filter(Boolean));
      return {
        versions: document.revisions.map(({ revision, applied_at, spec, failed = false }) => ({
          revision,
          version: spec.version,
          current: revision === document.current,
          failed,
          applied_at,
          spec: redactSpec(spec, reveal),
        })),
      };
    });

    const act = async (found: App, name: string, input: Json): Promise<Record<string, Json>> => {
      const running = runningInstances(found);
      const results: Record<string, Json> = {};
      for (const { instanceId, handle, runtime } of running) {
        if (!runtime.action || !runtime.capabilities.actions.includes(name))
          throw unknownAction(name, runtime.capabilities.actions);
        results[instanceId] = await runtime.action(handle, name, input);
      }
      if (running.length === 0) {
        throw new DamsonError("NOT_RUNNING", `no instance of "${found.name}" runs`, { status: 409 });
      }
      return results;
    };
  };
}

function unknownAction(name: string, actions: readonly string[] = []): DamsonError {
  return new DamsonError("ACTION_UNKNOWN", `the app's runtime has no action "${name}"`, {
    status: 404,
    remedy: `Its actions: ${actions.join(", ") || "none"}.`,
  });
}
