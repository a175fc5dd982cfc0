import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import {
  containStrayErrors,
  PLUGIN_ROUTES_PREFIX,
  PluginHost,
  pluginRoutes,
  type ReloadReport,
} from "@damson/core/host";
import {
  bringUp,
  type CleanUp,
  createServer,
  EventLog,
  hostEvents,
  isLoopback,
  type LoggedEvent,
  listen,
} from "@damson/core/http";
import { lockDirectory, makeWorkDir } from "@damson/core/state";
import type { Store } from "@damson/plugin-sdk";
import type { Logger } from "pino";
import { OldOperations } from "./api/old-operations.ts";
import { controllerRoutes, TAGS } from "./api/routes.ts";
import type { AuditRecord } from "./api/schema/records.ts";
import { Artifacts } from "./artifacts/artifacts.ts";
import { Changes } from "./changes/changes.ts";
import { Deployments } from "./deployments/deployments.ts";
import { AppendLog } from "./log/append-log.ts";
import { controllerMetrics } from "./metrics.ts";
import { IDENTITY_KEY } from "./model/keys.ts";
import { Nodes } from "./nodes/nodes.ts";
import { Objects } from "./objects/objects.ts";
import type { ControllerParts } from "./parts.ts";
import { PushLinks } from "./push/push-links.ts";
import { Services } from "./services/services.ts";
import { type ControllerSettings, DEFAULT_SETTINGS } from "./settings.ts";
import { Statuses } from "./statuses/statuses.ts";
import { openEmbeddedStore } from "./store/index.ts";

/** How many events of an earlier controller can still be asked for. */
const KEPT_EVENTS = 2_000;

/** In which an upload must have arrived whole, in milliseconds. */
const UPLOAD_TIMEOUT_MS = 3_600_000;

/** How {@link startController} starts a controller. */
export interface ControllerOptions {
  /** Holds all state; made where it is missing. Only one controller at a time can use it. */
  readonly dataDir: string;
  /** Address to listen on; beside the loopback it needs `token`, `tls` or `insecure`. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Path of plugins.yaml; `undefined` when there is none. */
  readonly pluginsFile: string | undefined;
  /** A folder inside Damson's installation, from which its own plugins are found. */
  readonly installation: string;
  readonly token?: string | undefined;
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  readonly insecure?: boolean | undefined;
  /** Names, beside its own, under which clients may reach it. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** URL by which agents that are called reach this controller. @default the address that it listens on */
  readonly advertiseUrl?: string | undefined;
  /** @default DEFAULT_SETTINGS */
  readonly settings?: ControllerSettings;
  /** What plugins see as the environment, and plugins.yaml refers to. @default process.env */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  readonly logger: Logger;
  /** Damson's version. */
  readonly version: string;
  /** @default the system's clock */
  readonly now?: () => Date;
}

/** A controller that runs in this process. */
export interface RunningController {
  readonly url: string;
  readonly controllerId: string;
  /** Ends the controller; agents and their apps go on. Resolves when everything is on disk and closed. */
  stop(): Promise<void>;
  /** Reads plugins.yaml again. @throws DamsonError as the plugin host's reload */
  reload(): Promise<ReloadReport>;
}

/**
 * Starts a controller on what an earlier one left in the data directory.
 *
 * @throws DamsonError `WORK_DIR_LOCKED`, `WORK_DIR_UNUSABLE`, `BIND_REFUSED`, `PORT_TAKEN`, `LISTEN_FAILED`, and what the
 *   store or a `required` plugin fails with. Nothing is left running then.
 */
export function startController(options: ControllerOptions): Promise<RunningController> {
  return bringUp((cleanUp, closeAll) => begin(options, cleanUp, closeAll));
}

async function begin(
  options: ControllerOptions,
  cleanUp: CleanUp,
  closeAll: () => Promise<void>,
): Promise<RunningController> {
  const { dataDir, logger, version, insecure = false, now = () => new Date() } = options;
  const { settings = DEFAULT_SETTINGS } = options;
  await makeWorkDir(dataDir, "--data-dir (DAMSON_DATA_DIR)");
  const lock = await lockDirectory(dataDir);
  cleanUp.push(() => lock.release());

  const logs = join(dataDir, "logs");
  const audit = await AppendLog.open<AuditRecord>({ directory: logs, name: "audit" });
  cleanUp.push(() => audit.close());
  const eventFile = await AppendLog.open<LoggedEvent>({ directory: logs, name: "events" });
  cleanUp.push(() => eventFile.close());
  const events = new EventLog(now, (await eventFile.newest(KEPT_EVENTS)).reverse());
  events.listen((event) => {
    eventFile.append(event).catch((error: unknown) => logger.error({ err: error }, "An event could not be kept"));
  });

  const host = new PluginHost({
    file: options.pluginsFile ?? join(dataDir, "plugins.yaml"),
    fileRequired: options.pluginsFile !== undefined,
    pluginDirectory: join(dataDir, "plugins"),
    installation: options.installation,
    environment: options.environment ?? process.env,
    facts: { kind: "controller", version, owner: "controller", nodeId: "" },
    log: logger,
    events: hostEvents(events),
    directory: join(dataDir, "plugin-data"),
    observer: { onRuntimeAdded: () => undefined, onRuntimeRemoved: () => undefined },
  });
  cleanUp.push(() => host.stop());
  cleanUp.push(containStrayErrors({ host, log: logger }));
  // First, since a plugin may bring the store.
  await host.start();

  const store = await storeOf(host, options, cleanUp);
  const { controllerId, artifactKey } = await identityOf(store);
  const objects = await Objects.open({ store, log: logger });
  cleanUp.push(() => objects.close());
  let url = "";
  const changes = new Changes(store, objects, events);
  const parts: ControllerParts = {
    controllerId,
    artifactKey,
    advertisedUrl: () => options.advertiseUrl ?? url,
    dataDir,
    store,
    objects,
    changes,
    events,
    audit,
    plugins: host,
    settings,
    log: logger,
    version,
    now,
  };

  const metrics = controllerMetrics(objects, changes);
  const nodes = new Nodes(parts);
  const statuses = new Statuses(parts);
  const services = new Services(parts);
  const server = await createServer({
    title: "Damson controller",
    version,
    tags: TAGS,
    host: options.host,
    token: options.token,
    tls: options.tls,
    insecure,
    allowedHosts: options.allowedHosts ?? [],
    corsOrigins: settings.corsOrigins,
    largeBodyTimeoutMs: UPLOAD_TIMEOUT_MS,
    openDocument: true,
    logger,
    registries: () => [metrics, nodes.registry, ...host.registries()],
  });
  cleanUp.push(() => server.close());
  const exposed = insecure && !options.token && !isLoopback(options.host);
  const deployments = new Deployments(parts);
  const artifacts = new Artifacts(parts);
  const pushLinks = new PushLinks(parts, nodes, statuses);
  const oldOperations = new OldOperations(parts);
  await server.register(
    controllerRoutes({ parts, nodes, statuses, services, deployments, artifacts, pushLinks, insecure: exposed }),
  );
  await server.register(pluginRoutes(host), { prefix: PLUGIN_ROUTES_PREFIX });
  objects.follow();
  url = await listen(server, options);
  await lock.describe({ address: url });
  for (const service of [artifacts, nodes, services, deployments, pushLinks, oldOperations]) {
    cleanUp.push(() => service.close());
    await service.start();
  }

  let stopping: Promise<void> | undefined;
  return {
    url,
    controllerId,
    reload: () => host.reload(),
    stop: () => {
      stopping ??= closeAll();
      return stopping;
    },
  };
}

/** The store of the first plugin that brings one, else the embedded one. */
async function storeOf(host: PluginHost, { dataDir, logger }: ControllerOptions, cleanUp: CleanUp) {
  const [provided] = host.provided("store");
  if (provided) return provided;
  const { store, damaged, close } = await openEmbeddedStore({ directory: join(dataDir, "store"), log: logger });
  cleanUp.push(close);
  for (const { name, file, reason } of damaged) logger.error({ name, file }, `Set aside a damaged object: ${reason}`);
  return store;
}

/** Made with the store, and never again. */
async function identityOf(store: Store): Promise<{ controllerId: string; artifactKey: string }> {
  const value = { controllerId: randomUUID(), artifactKey: randomBytes(32).toString("hex") };
  await store.commit({
    when: [{ key: IDENTITY_KEY, modRevision: 0 }],
    operations: [{ put: IDENTITY_KEY, value }],
  });
  const found = await store.get(IDENTITY_KEY);
  return { ...value, ...Object(found?.value) };
}
