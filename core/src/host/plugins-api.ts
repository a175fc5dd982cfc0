import type { FastifyRequest } from "fastify";
import { type Static, Type } from "typebox";
import type { Routes } from "../http/index.ts";
import type { PluginDescription } from "./describe.ts";
import type { ReloadReport } from "./reload.ts";

/** The plugin host, as far as {@link pluginsApi} needs it. */
export interface ServedPlugins {
  describe(): PluginDescription[];
  reload(): Promise<ReloadReport>;
}

/** How {@link pluginsApi} serves. */
export interface PluginsApiOptions {
  readonly plugins: ServedPlugins;
  /** Group of the routes in the OpenAPI document. */
  readonly tag: string;
  /** Every runtime that plugins brought. @default none */
  readonly runtimes?: () => RuntimeStatus[];
  /** What keeps the server from running something as it should. @default nothing */
  readonly warnings?: () => string[];
  /** What a plugin is shown with in place of what the host says. @default nothing */
  readonly instead?: (plugin: PluginDescription) => Partial<PluginStatus>;
  /** Reads plugins.yaml again for this request. @default reload of `plugins` */
  readonly reload?: (request: FastifyRequest) => Promise<ReloadReport>;
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

type PluginStatus = Static<typeof PluginStatus>;

const RuntimeStatus = Type.Object({
  name: Type.String(),
  package_types: Type.Array(Type.String(), { description: "The pkg.type values that it serves." }),
  usable: Type.Boolean({ description: "Whether it can run anything here; false until its first answer." }),
  version: Type.Optional(Type.String({ description: "Of what it stands on." })),
  reason: Type.Optional(Type.String({ description: "Why it is not usable, or what works only in part." })),
  remedy: Type.Optional(Type.String()),
});

/** A runtime, as it is listed. */
export type RuntimeStatus = Static<typeof RuntimeStatus>;

const PluginList = Type.Object({
  plugins: Type.Array(PluginStatus),
  runtimes: Type.Array(RuntimeStatus),
  warnings: Type.Array(Type.String(), { description: "What keeps it from running something as it should." }),
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

/** Lists plugins at `GET /v1/plugins`, and reads plugins.yaml again for `POST /v1/plugins/reload`. */
export function pluginsApi({ plugins, tag, ...options }: PluginsApiOptions): Routes {
  const { runtimes = () => [], warnings = () => [], instead = () => ({}), reload = () => plugins.reload() } = options;
  return async (app) => {
    const list = {
      tags: [tag],
      summary: "Every plugin with its state, and every runtime that they brought",
      response: { 200: PluginList },
    };
    app.get("/v1/plugins", { schema: list }, async () => ({
      plugins: plugins.describe().map((plugin) => ({
        ...plugin,
        ...instead(plugin),
        provides: [...(plugin.provides ?? [])],
        runs_on: [...(plugin.runs_on ?? [])],
        timings_ms: { ...plugin.timings_ms },
      })),
      runtimes: runtimes(),
      warnings: warnings(),
    }));

    const reloadSchema = {
      tags: [tag],
      summary: "Read plugins.yaml again; only what changed restarts, and no app is touched",
      response: { 200: ReloadAnswer },
    };
    app.post("/v1/plugins/reload", { schema: reloadSchema }, async (request) => {
      const report = await reload(request);
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
