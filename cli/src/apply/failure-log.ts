import { type AgentClient, answer, type LogRecord } from "@damson/client";
import type { Colors } from "../output/colors.ts";
import { plain } from "../output/plain.ts";

const LINES = 10;

/**
 * The last lines that an app wrote, of the failed instance after an update that was taken back, as help to see why it
 * failed; empty when there are none or none can be had.
 */
export async function lastLines(client: AgentClient, app: string, colors: Colors): Promise<string> {
  const records: LogRecord[] = [];
  try {
    const { update } = await answer(client.api.GET("/v1/status/{app}", { params: { path: { app } } }));
    const instance = update?.state === "failed" ? update.failed_instance : undefined;
    const query = { tail: LINES, ...(instance === undefined ? {} : { instance }) };
    for await (const record of client.logs(app, query)) records.push(record);
  } catch {
    return ""; // the error that led here is the one to tell
  }
  if (records.length === 0) return "";
  const lines = records.slice(-LINES).map(({ text }) => `  ${colors.dim("|")} ${plain(text)}`);
  return [`The last lines of ${app}:`, ...lines].join("\n");
}
