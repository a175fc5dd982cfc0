import type { PluginHost } from "@damson/core/host";
import type { EventLog } from "@damson/core/http";
import type { Store } from "@damson/plugin-sdk";
import type { Logger } from "pino";
import type { AuditRecord } from "./api/schema/records.ts";
import type { Changes } from "./changes/changes.ts";
import type { AppendLog } from "./log/append-log.ts";
import type { Objects } from "./objects/objects.ts";
import type { ControllerSettings } from "./settings.ts";

/** What everything in a controller stands on. */
export interface ControllerParts {
  /** Of the store: what an agent knows of another one's revisions means nothing here. */
  readonly controllerId: string;
  /** Signs the URLs by which agents fetch artifacts. A secret. */
  readonly artifactKey: string;
  /** URL by which agents that are called reach this controller; known once it listens. */
  readonly advertisedUrl: () => string;
  /** Holds artifacts and logs. */
  readonly dataDir: string;
  readonly store: Store;
  readonly objects: Objects;
  readonly changes: Changes;
  readonly events: EventLog;
  readonly audit: AppendLog<AuditRecord>;
  readonly plugins: PluginHost;
  readonly settings: ControllerSettings;
  readonly log: Logger;
  /** Damson's version. */
  readonly version: string;
  /** @default the system's clock */
  readonly now: () => Date;
}
