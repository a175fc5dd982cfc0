import { join } from "node:path";
import type { Logger as PinoLogger } from "pino";
import {
  containStrayErrors,
  PLUGIN_ROUTES_PREFIX,
  PluginHost,
  pluginRoutes,
  type ReloadReport,
} from "../host/index.ts";
import { bringUp, type CleanUp, createServer, hostEvents, isLoopback, listen } from "../http/index.ts";
import { lockDirectory, makeWorkDir, openDocuments } from "../state/index.ts";
import { Agent } from "./agent.ts";
import { apiRoutes, TAGS } from "./api/routes.ts";
import { APP_MIGRATIONS, APP_SCHEMA_VERSION, type AppDocument } from "./document.ts";
import { readOwner } from "./identity.ts";
import { type ControllerOptions, openLink } from "./link/open-link.ts";
import { HELD_REASON } from "./link/start-hold.ts";
import { agentMetrics } from "./metrics.ts";
import { checkRunMode, DEFAULT_RUN_MODE, runModeOf, runModeWarning } from "./run-mode.ts";
import { checkDocument } from "./stored-document.ts";

/** How {@link startAgent} starts an agent. */
export interface AgentOptions {
  /** Holds all state; made where it is missing. Only one agent at a time can use it. */
  readonly workDir: string;
  /** Address to listen on; beside the loopback it needs `token`, `tls` or `insecure`. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Name of this agent, for people. */
  readonly agentId: string;
  readonly nodeId: string;
  /** Path of plugins.yaml; `undefined` when there is none. */
  readonly pluginsFile: string | undefined;
  /** A folder inside Damson's installation, from which its own plugins are found. */
  readonly installation: string;
  /** Name of the runtime that runs packages which several serve. @default "process" */
  readonly runMode?: string | undefined;
  readonly token?: string | undefined;
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  readonly insecure?: boolean | undefined;
  /** Names, beside its own, under which clients may reach it. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** What plugins see as the environment, and plugins.yaml refers to. @default process.env */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** The controller to join. */
  readonly controller?: ControllerOptions | undefined;
  readonly logger: PinoLogger;
  /** Damson's version. */
  readonly version: string;
}

/** An agent that runs in this process. */
export interface RunningAgent {
  readonly url: string;
  readonly agentId: string;
  readonly host: PluginHost;
  /** Ends the agent; apps go on. Resolves when everything is on disk and closed. */
  stop(): Promise<void>;
  /** Reads plugins.yaml again. @throws DamsonError as {@link PluginHost.reload} */
  reload(): Promise<ReloadReport>;
  /** Resolves when the agent has ended, by `stop` or by a request. */
  readonly ended: Promise<void>;
}

/**
 * Starts an agent: takes over what an earlier one left in the work directory, loads plugins and serves the API.
 *
 * @throws DamsonError `WORK_DIR_LOCKED`, `WORK_DIR_UNUSABLE`, `BIND_REFUSED`, `PORT_TAKEN`, `LISTEN_FAILED`,
 *   `RUN_MODE_UNKNOWN`, and what a `required` plugin fails with. Nothing is left running then.
 */
export function startAgent(options: AgentOptions): Promise<RunningAgent> {
  return bringUp((cleanUp, closeAll) => begin(options, cleanUp, closeAll));
}

async function begin(options: AgentOptions, cleanUp: CleanUp, closeAll: () => Promise<void>): Promise<RunningAgent> {
  const { workDir, agentId, nodeId, version, logger, insecure = false, runMode = DEFAULT_RUN_MODE } = options;
  await makeWorkDir(workDir);
  const lock = await lockDirectory(workDir, { agentId });
  cleanUp.push(() => lock.release());

  const owner = await readOwner(workDir);
  const directory = join(workDir, "apps");
  const { documents, damaged } = await openDocuments<AppDocument>({
    directory,
    schemaVersion: APP_SCHEMA_VERSION,
    migrations: APP_MIGRATIONS,
    validate: checkDocument,
  });
  cleanUp.push(() => documents.close());
  for (const { name, file, reason } of damaged)
    logger.error({ app: name, file }, `Set aside a damaged document: ${reason}`);

  const loading = Promise.withResolvers<void>();
  const { controller } = options;
  const agent = new Agent({
    identity: { owner, nodeId, controllerUrl: controller?.url },
    documents,
    damaged,
    log: logger,
    holdAssigned: controller && HELD_REASON,
    loaded: loading.promise,
    runMode: runModeOf(runMode, () => host.describe()),
  });
  cleanUp.push(() => agent.detach());
  const host = new PluginHost({
    file: options.pluginsFile ?? join(workDir, "plugins.yaml"),
    fileRequired: options.pluginsFile !== undefined,
    pluginDirectory: join(workDir, "plugins"),
    installation: options.installation,
    environment: options.environment ?? process.env,
    facts: { kind: "agent", version, owner, nodeId },
    log: logger,
    events: hostEvents(agent.events),
    directory: join(workDir, "plugin-data"),
    observer: {
      onRuntimeAdded: (runtime) => agent.addRuntime(runtime),
      onRuntimeRemoved: (name) => agent.removeRuntime(name),
    },
  });
  cleanUp.push(() => host.stop());
  cleanUp.push(containStrayErrors({ host, log: logger }));

  const ended = Promise.withResolvers<void>();
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= closeAll().finally(() => ended.resolve());
    return stopping;
  };
  const stopApps = async (): Promise<string[]> => {
    await agent.detach();
    return agent.stopDetached();
  };
  const link = controller && (await openLink({ controller, agent, workDir, log: logger, version }));
  if (link) cleanUp.push(() => link.close());
  const metrics = agentMetrics(agent);
  const exposed = insecure && !options.token && !isLoopback(options.host);
  const server = await createServer({
    title: "Damson agent",
    version,
    tags: TAGS,
    host: options.host,
    token: options.token,
    tls: options.tls,
    insecure,
    allowedHosts: options.allowedHosts ?? [],
    logger,
    registries: () => [metrics, ...(link ? [link.metrics] : []), ...host.registries()],
  });
  cleanUp.push(() => server.close());
  const shutDown = (): void => void stop();
  const parts = { agent, plugins: host, controller: link?.link, insecure: exposed, stopApps, shutDown };
  await server.register(apiRoutes(parts));
  await server.register(pluginRoutes(host), { prefix: PLUGIN_ROUTES_PREFIX });
  // Before anybody can ask: an answer that an app is not there would be wrong, and an apply would create it again.
  agent.resume();
  const url = await listen(server, options);
  await lock.describe({ agentId, address: url });

  await host.start().then(loading.resolve, (thrown: unknown) => {
    loading.reject(thrown);
    throw thrown;
  });
  checkRunMode(runMode, host.describe());
  const { awaited } = agent.runtimes;
  if (awaited !== undefined) logger.warn(runModeWarning(awaited));
  link?.start(url);
  if (damaged.length === 0) void sweepWhenRecovered(agent);
  return { url, agentId, host, stop, reload: () => host.reload(), ended: ended.promise };
}

async function sweepWhenRecovered(agent: Agent): Promise<void> {
  await new Promise<void>((resolve) => {
    const unknown = new Set(agent.apps().filter((app) => !app.recovered));
    if (unknown.size === 0) return resolve();
    const unlisten = agent.onChange((app) => {
      if (app.recovered) unknown.delete(app);
      if (unknown.size > 0) return;
      unlisten();
      resolve();
    });
  });
  await agent.sweepOrphans();
}
