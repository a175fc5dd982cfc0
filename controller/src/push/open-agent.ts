import { answer, createAgentClient } from "@damson/client";
import type { JsonObject } from "@damson/plugin-sdk";
import type { NodeRecord } from "../model/node.ts";
import { BoreasAgent, checkBoreas, unwrapped } from "./boreas-agent.ts";
import type { CalledAgent } from "./called-agent.ts";
import { DamsonAgent } from "./damson-agent.ts";

/** Longest wait for an answer; shorter than a lease. */
const CALL_MS = 10_000;
/** Whoever answers there must not fill the controller's memory. The status of thousands of apps has less. */
const MAX_ANSWER_BYTES = 16 * 1_048_576;

/**
 * Finds out what kind of agent answers at a node's URL.
 *
 * @throws what the call throws; DamsonError `AGENT_UNKNOWN` (502)
 */
export async function openAgent(
  { agentUrl = "", agentToken: token }: Pick<NodeRecord, "agentUrl" | "agentToken">,
  documentOf: (instanceId: string) => JsonObject | undefined,
  signal: AbortSignal,
): Promise<CalledAgent> {
  const client = createAgentClient({ url: agentUrl, token, timeoutMs: CALL_MS, maxAnswerBytes: MAX_ANSWER_BYTES });
  const health = unwrapped(await answer(client.api.GET("/v1/health", { signal })));
  if (health.service === "damson-agent") return new DamsonAgent(client);
  checkBoreas(health);
  return new BoreasAgent(client, documentOf);
}
