import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import tab from "@bomb.sh/tab/commander";
import { answer } from "@damson/client";
import type { Command } from "commander";
import { contextOf } from "./context.ts";
import { commandsOf } from "./program.ts";

/** A person waits with a finger on Tab. */
const TIMEOUT_MS = 500;

/** Whose arguments are names that the controller knows. */
const OF_CLUSTER = ["node", "deployment", "explain"];

/**
 * Prints what the last of these words may become: commands, flags, files, and the names of the agent's apps, or of the
 * controller's nodes and deployments.
 */
export async function complete(words: readonly string[], called: Command): Promise<void> {
  const completion = tab(commandsOf(), { completionCommandName: "completion" });
  const names = OF_CLUSTER.includes(words[0] ?? "") ? await clusterNames(called) : { app: await appNames(called) };
  for (const { arguments: places } of completion.commands.values()) {
    for (const [kind, known] of Object.entries(names)) {
      const place = places.get(kind);
      if (place) place.handler = (found) => known.forEach((name) => void found(name, ""));
    }
  }
  for (const name of ["apply", "deploy"]) {
    const file = completion.commands.get(name)?.options.get("file");
    if (file) file.handler = (found) => filesLike(words.at(-1) ?? "").forEach((path) => void found(path, ""));
  }
  completion.parse([...words]);
}

/** No agent, no names: completion never complains. */
async function appNames(called: Command): Promise<readonly string[]> {
  try {
    const { api } = (await contextOf(called)).agent({ timeoutMs: TIMEOUT_MS });
    const { apps } = await answer(api.GET("/v1/status"));
    return apps.map(({ app }) => app);
  } catch {
    return [];
  }
}

async function clusterNames(called: Command): Promise<{ node?: readonly string[]; deployment?: readonly string[] }> {
  try {
    const { api } = (await contextOf(called)).controller({ timeoutMs: TIMEOUT_MS });
    const [nodes, deployments] = await Promise.all([answer(api.GET("/v1/nodes")), answer(api.GET("/v1/deployments"))]);
    return { node: nodes.map(({ nodeId }) => nodeId), deployment: deployments.map(({ name }) => name) };
  } catch {
    return {};
  }
}

function filesLike(word: string): readonly string[] {
  const folder = word.endsWith("/") ? word : dirname(word);
  try {
    return readdirSync(folder, { withFileTypes: true }).map((entry) => {
      const path = folder === "." && !word.startsWith("./") ? entry.name : join(folder, entry.name);
      return entry.isDirectory() ? `${path}/` : path;
    });
  } catch {
    return [];
  }
}
