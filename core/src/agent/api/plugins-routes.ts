import { Type } from "typebox";
import type { PluginDescription, ReloadReport } from "../../host/index.ts";
import type { Routes } from "../../http/index.ts";
import { runModeWarning } from "../run-mode.ts";
import type { RuntimeChecks } from "../runtime-checks.ts";
import type { ApiParts } from "./routes.ts";

/** The plugin host, as far as the API needs it. */
export interface Plugins {
  describe(): PluginDescription[];
  reload(): Promise<ReloadReport>;
}

const PluginStatus = Type.Object(
  {
    id: Type.String(),
    use: Type.String({ description: "As in plugins.yaml." }),
    required: Type.Boolean(),
    name: Type.Optional(Type.String()),
    version: Type.Optional(Type.String()),
    contract: Type.Optional(Type.Integer()),
    provides: Type.Optional(Type.Array(Type.String())),
    runs_on: Type.Optional(Type.Array(Type.String())),
    state: Type.String({
      description:
        "`ready`; `degraded`: ready, and a runtime of it cannot be used now; `failed`, `skipped`; others are on their way.",
    }),
    code: Type.Optional(Type.String({ description: "Code of the first fault, of a failed plugin." })),
    reason: Type.Optional(Type.String({ description: "Why it is not ready." })),
    remedy: Type.Optional(Type.String()),
    config: Type.Unknown({ description: "With defaults; secrets stand as ***." }),
    timings_ms: Type.Record(Type.String(), Type.Number()),
  },
  { additionalProperties: true },
);

const RuntimeStatus = Type.Object({
  name: Type.String(),
  package_types: Type.Array(Type.String(), { description: "The pkg.type values that it serves." }),
  usable: Type.Boolean({ description: "Whether it can run anything here; false until its first answer." }),
  version: Type.Optional(Type.String({ description: "Of what it stands on." })),
  reason: Type.Optional(Type.String({ description: "Why it is not usable, or what works only in part." })),
  remedy: Type.Optional(Type.String()),
});

const PluginList = Type.Object({
  plugins: Type.Array(PluginStatus),
  runtimes: Type.Array(RuntimeStatus),
  warnings: Type.Array(Type.String(), { description: "What keeps the agent from running something as it should." }),
});

const Ids = Type.Array(Type.String());

const ReloadAnswer = Type.Object({
  started: Ids,
  stopped: Ids,
  restarted: Ids,
  unchanged: Ids,
  failed: Type.Array(Type.String(), { description: "Those that were to start and could not." }),
  warnings: Type.Array(Type.String()),
});

export function pluginRoutes({ agent, plugins }: ApiParts): Routes {
  return async (app) => {
    const list = {
      tags: ["agent"],
      summary: "Every plugin with its state, and every runtime that they brought",
      response: { 200: PluginList },
    };
    app.get("/v1/plugins", { schema: list }, async () => ({
      plugins: plugins.describe().map((plugin) => ({
        ...plugin,
        ...degraded(plugin, agent.checks),
        provides: [...(plugin.provides ?? [])],
        runs_on: [...(plugin.runs_on ?? [])],
        timings_ms: { ...plugin.timings_ms },
      })),
      runtimes: agent.runtimes.all().map((runtime) => ({
        name: runtime.name,
        package_types: Object.keys(runtime.packageSchemas),
        ...(agent.checks.of(runtime.name) ?? { usable: false }),
      })),
      warnings: agent.runtimes.awaited === undefined ? [] : [runModeWarning(agent.runtimes.awaited)],
    }));

    const reload = {
      tags: ["agent"],
      summary: "Read plugins.yaml again; only what changed restarts, and no app is touched",
      response: { 200: ReloadAnswer },
    };
    app.post("/v1/plugins/reload", { schema: reload }, async () => {
      const report = await plugins.reload();
      return {
        started: [...report.started],
        stopped: [...report.stopped],
        restarted: [...report.restarted],
        unchanged: [...report.unchanged],
        failed: [...report.failed],
        warnings: [...report.warnings],
      };
    });
  };
}

/** What differs for a plugin that is ready, and of which a runtime cannot be used. */
function degraded({ state, provides = [] }: PluginDescription, checks: RuntimeChecks) {
  const lame = provides.flatMap((reference) => {
    const health = reference.startsWith("runtime:") ? checks.of(reference.slice("runtime:".length)) : undefined;
    return health?.usable === false ? [health] : [];
  });
  const [first] = lame;
  if (state !== "ready" || !first) return {};
  const { remedy } = first;
  return {
    state: "degraded",
    reason: lame.map(({ reason }) => reason ?? "it is not usable").join("\n"),
    ...(remedy && { remedy }),
  };
}
