import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DamsonError, errorText } from "@damson/plugin-sdk";
import { openDocument } from "../state/index.ts";

const SCHEMA_VERSION = 1;

/** What is kept in agent.json. */
interface StoredIdentity {
  readonly owner: string;
  readonly created_at: string;
}

/**
 * The id that this work directory's agent puts on every unit it creates, made at its first start. It is random, and not
 * the agent's name: two agents of the same name may share one engine, and must not touch each other's units.
 *
 * @throws DamsonError `AGENT_IDENTITY_DAMAGED`, at every start until somebody repairs it: with a new identity, running
 *   units would be strangers
 */
export async function readOwner(workDir: string): Promise<string> {
  const file = join(workDir, "agent.json");
  await refuseDamage(file);
  const initial: StoredIdentity = { owner: randomUUID(), created_at: new Date().toISOString() };
  const { document, close } = await openDocument<StoredIdentity>({ file, schemaVersion: SCHEMA_VERSION, initial });
  await close();
  return document.value.owner;
}

async function refuseDamage(file: string): Promise<void> {
  try {
    const { data } = JSON.parse(await readFile(file, "utf8"));
    if (typeof data.owner !== "string") throw new Error("it names no owner");
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return;
    throw new DamsonError("AGENT_IDENTITY_DAMAGED", `${file} cannot be read: ${errorText(thrown)}`, {
      remedy: "Bring it back from a backup. Without one, end the apps by hand and remove it: the agent begins anew.",
      cause: thrown,
    });
  }
}
