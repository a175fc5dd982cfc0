import type { paths } from "./agent.generated.ts";
import type { Json, Lines, Query } from "./operation-types.ts";

/** What `POST /v1/apply` and the calls that act on an app answer. */
export type ApplyAnswer = Json<paths["/v1/apply"]["post"]>;
/** The document that `POST /v1/apply` takes. */
export type ApplyRequest = paths["/v1/apply"]["post"]["requestBody"]["content"]["application/json"];
/** Every app of an agent. */
export type StatusList = Json<paths["/v1/status"]["get"]>;
/** One app. */
export type AppStatus = Json<paths["/v1/status/{app}"]["get"]>;
/** One running copy of an app. */
export type InstanceStatus = AppStatus["instances"][number];
/** The last exits of an app, newest last. */
export type ExitList = Json<paths["/v1/apps/{app}/exits"]["get"]>;
/** The kept versions of an app. */
export type VersionList = Json<paths["/v1/apps/{app}/versions"]["get"]>;
/** What an app's instances use. */
export type UsageList = Json<paths["/v1/apps/{app}/stats"]["get"]>;
/** What one instance uses. */
export type InstanceUsage = UsageList["instances"][number];
/** The command to run in an instance, and how. */
export type ExecQuery = Query<paths["/v1/apps/{app}/exec"]["get"]>;
/** Every plugin of an agent. */
export type PluginList = Json<paths["/v1/plugins"]["get"]>;
/** One line of an app's output. */
export type LogRecord = Lines<paths["/v1/apps/{app}/logs"]["get"]>;
/** Which lines to read. */
export type LogsQuery = Query<paths["/v1/apps/{app}/logs"]["get"]>;
/** Something that happened on an agent. */
export type AgentEvent = Lines<paths["/v1/events"]["get"]>;
