import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import tab from "@bomb.sh/tab/commander";
import { answer } from "@damson/client";
import type { Command } from "commander";
import { contextOf } from "./context.ts";
import { commandsOf } from "./program.ts";

/** A person waits with a finger on Tab. */
const TIMEOUT_MS = 500;

/** Prints what the last of these words may become: commands, flags, files, and the names of the agent's apps. */
export async function complete(words: readonly string[], called: Command): Promise<void> {
  const completion = tab(commandsOf(), { completionCommandName: "completion" });
  const apps = await appNames(called);
  for (const { arguments: places } of completion.commands.values()) {
    const place = places.get("app");
    if (place) place.handler = (found) => apps.forEach((name) => void found(name, ""));
  }
  const file = completion.commands.get("apply")?.options.get("file");
  if (file) file.handler = (found) => filesLike(words.at(-1) ?? "").forEach((name) => void found(name, ""));
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
