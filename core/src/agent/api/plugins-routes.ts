import { type PluginDescription, pluginsApi } from "../../host/index.ts";
import type { Routes } from "../../http/index.ts";
import { runModeWarning } from "../run-mode.ts";
import type { RuntimeChecks } from "../runtime-checks.ts";
import type { ApiParts } from "./routes.ts";

export function pluginRoutes({ agent, plugins }: ApiParts): Routes {
  return pluginsApi({
    plugins,
    tag: "agent",
    runtimes: () =>
      agent.runtimes.all().map((runtime) => ({
        name: runtime.name,
        package_types: Object.keys(runtime.packageSchemas),
        ...(agent.checks.of(runtime.name) ?? { usable: false }),
      })),
    warnings: () => (agent.runtimes.awaited === undefined ? [] : [runModeWarning(agent.runtimes.awaited)]),
    instead: (plugin) => degraded(plugin, agent.checks),
  });
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
