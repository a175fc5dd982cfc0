import { DamsonError } from "@damson/plugin-sdk";
import type { AgentRegistration, RegisteredAgent } from "../api/schema/agents.ts";
import { assignmentsOfNode } from "../assignments/list-assignments.ts";
import type { Change } from "../changes/change.ts";
import type { NodeRecord } from "../model/node.ts";
import { newNode, withoutAgent } from "../nodes/node-facts.ts";
import { loseInstances, nodeIdTaken, takenOver } from "../nodes/take-over.ts";
import type { ControllerParts } from "../parts.ts";

const TOKEN = /^[!-~]{1,4096}$/;
const HTTP_URL = /^https?:\/\/[!-~]{1,2048}$/;

/**
 * Writes a node whose agent is called from now on. It is Unknown until that has answered; an agent that was registered
 * before keeps its health, and may have moved.
 *
 * @throws DamsonError `NODE_ID_TAKEN` (409) while an agent that dials in has the node; `AGENT_URL_INVALID` or `TOKEN_INVALID`
 *   (400)
 */
export async function registerAgent(
  parts: ControllerParts,
  change: Change,
  registration: AgentRegistration,
): Promise<void> {
  const { agent_id: nodeId, agent_url, token, labels } = registration;
  if (token !== undefined && !TOKEN.test(token)) throw tokenInvalid();
  // Before anything is done for it.
  const agentUrl = checkedUrl(agent_url);
  const now = parts.now();
  const known = change.get("nodes", nodeId)?.value;
  if (known?.link === "stream" && known.health === "Healthy") throw nodeIdTaken(parts, nodeId);
  if (known?.link === "stream") change.publish(takenOver(nodeId, await loseInstances(parts, nodeId)));
  const { agentToken, ...former } = known?.link === "push" ? known : withoutAgent(known ?? unseen(nodeId, now));
  const node: NodeRecord = {
    ...former,
    link: "push",
    agentUrl,
    ...(token !== undefined && { agentToken: token }),
    ...(labels !== undefined && { labels }),
  };
  change.put("nodes", nodeId, node);
  if (!known) change.publish({ type: "node.registered", message: `${nodeId} is called at ${node.agentUrl}`, nodeId });
}

/** An agent that is called, as Boreas's clients see it. */
export function agentView(
  parts: ControllerParts,
  { nodeId, agentUrl = "", health, reason }: NodeRecord,
  { lastSeen, failure }: { readonly lastSeen: number; readonly failure: string | undefined },
): RegisteredAgent {
  const isOnline = health === "Healthy";
  const instances = assignmentsOfNode(parts, nodeId).filter(({ desired }) => desired === "Running");
  const healthy = instances.filter((instance) => instance.healthy).length;
  const level = instances.length === 0 ? 100 : Math.floor((100 * healthy) / instances.length);
  return {
    agent_id: nodeId,
    agent_url: agentUrl,
    status: isOnline ? "online" : "offline",
    healthy: isOnline
      ? { level, msg: `${healthy} of ${instances.length} instances are healthy` }
      : { level: 0, msg: failure ?? reason ?? "not reached yet" },
    last_seen: lastSeen,
  };
}

/** `AGENT_NOT_FOUND` (404). */
export function agentNotFound(agentId: string): DamsonError {
  return new DamsonError("AGENT_NOT_FOUND", `No agent "${agentId}" is registered`, {
    status: 404,
    remedy: "GET /api/v1/agents lists those that are; agents that dial in are among GET /v1/nodes.",
  });
}

function tokenInvalid(): DamsonError {
  const message = "expected 1 to 4,096 visible ASCII characters";
  return new DamsonError("TOKEN_INVALID", `The token cannot be sent to an agent: ${message}`, {
    status: 400,
    issues: [{ path: "token", message }],
  });
}

function unseen(nodeId: string, now: Date): NodeRecord {
  return { ...newNode(nodeId, now), health: "Unknown", reason: "not reached yet", lastSeen: 0 };
}

/** A login would be shown wherever the URL is; what stands behind a path would be cut off by those that are called. */
function checkedUrl(text: string): string {
  const url = HTTP_URL.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url && url.username === "" && url.password === "" && url.search === "" && url.hash === "") {
    return url.href.replace(/\/+$/, "");
  }
  const message = "expected http(s)://host[:port][/path], without login, query or fragment";
  throw new DamsonError("AGENT_URL_INVALID", `agent_url cannot be that of an agent: ${message}`, {
    status: 400,
    remedy: "Send what the agent asks for as token.",
    issues: [{ path: "agent_url", message }],
  });
}
