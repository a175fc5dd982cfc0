import type { paths } from "./controller.generated.ts";
import type { Body, Json, Lines, Query } from "./operation-types.ts";

/** A machine with an agent. */
export type Node = Json<paths["/v1/nodes"]["get"]>[number];
/** What an agent tells of its node. */
export type Heartbeat = Body<paths["/v1/nodes/heartbeat"]["post"]>;
/** What the controller answers to it. */
export type HeartbeatAnswer = Json<paths["/v1/nodes/heartbeat"]["post"]>;
/** What an agent tells of its instances. */
export type StatusesRequest = Body<paths["/v1/instances/status"]["post"]>;
/** What the controller answers to it. */
export type StatusBatchAnswer = Json<paths["/v1/instances/status"]["post"]>;
/** An uploaded archive. */
export type Artifact = Json<paths["/v1/apps"]["get"]>[number];
/** A deployment as it is declared. */
export type DeploymentRequest = Body<paths["/v1/deployments"]["post"]>;
/** What a change of a deployment came to. */
export type DeploymentAnswer = Json<paths["/v1/deployments"]["post"]>;
/** A deployment in a list. */
export type DeploymentSummary = Json<paths["/v1/deployments"]["get"]>[number];
/** A deployment with its entries and instances. */
export type DeploymentDetail = Json<paths["/v1/deployments/{id}"]["get"]>;
/** One instance on one node. */
export type AssignmentItem = AssignmentList["items"][number];
/** The instances of a node or a deployment. */
export type AssignmentList = Json<paths["/v1/assignments"]["get"]>;
/** Why instances are where they are, or nowhere. */
export type Explanation = Json<paths["/v1/deployments/{id}/explain"]["get"]>;
/** The versions that a deployment keeps. */
export type DeploymentVersions = Json<paths["/v1/deployments/{id}/versions"]["get"]>;
/** Where an instance of a service answers. */
export type Endpoint = Json<paths["/v1/discovery"]["get"]>[number];
/** What an instance tells of where it answers. */
export type RegisterRequest = Body<paths["/v1/services/register"]["post"]>;
/** An agent that the controller calls. */
export type RegisteredAgent = Json<paths["/api/v1/agents"]["get"]>["agents"][number];
/** A change that was asked for. */
export type AuditRecord = Json<paths["/v1/audit"]["get"]>["records"][number];
/** Which changes to read of. */
export type AuditQuery = Query<paths["/v1/audit"]["get"]>;
/** Something that happened. */
export type ControllerEvent = Lines<paths["/v1/events"]["get"]>;
/** Which events to read. */
export type EventsQuery = Query<paths["/v1/events"]["get"]>;
/** Health of a controller. */
export type ControllerHealth = Json<paths["/v1/health"]["get"]>;
/** Every plugin of a controller. */
export type ControllerPlugins = Json<paths["/v1/plugins"]["get"]>;
