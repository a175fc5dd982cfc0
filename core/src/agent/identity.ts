import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { DamsonError } from "@damson/plugin-sdk";
import { openDocument } from "../state/index.ts";

/** What is kept in agent.json. */
interface StoredIdentity {
  readonly owner: string;
  readonly created_at: string;
}

/**
 * The id that this work directory's agent puts on every unit it creates, made at its first start. It is random, and not
 * the agent's name: two agents of the same name may share one engine, and must not touch each other's units.
 *
 * @throws DamsonError `AGENT_IDENTITY_DAMAGED` when it cannot be read: with a new one, running units would be strangers
 */
export async function readOwner(workDir: string): Promise<string> {
  const initial: StoredIdentity = { owner: randomUUID(), created_at: new Date().toISOString() };
  const { document, damaged, close } = await openDocument<StoredIdentity>({
    file: join(workDir, "agent.json"),
    schemaVersion: 1,
    initial,
    validate: (data) =>
      typeof (data as Partial<StoredIdentity>)?.owner === "string"
        ? []
        : [{ path: "owner", message: "required, but missing" }],
  });
  try {
    if (!damaged) return document.value.owner;
    throw new DamsonError("AGENT_IDENTITY_DAMAGED", `agent.json cannot be read: ${damaged.reason}`, {
      remedy: `Repair it from ${damaged.file}, or remove agent.json to begin with a new identity; units that run then belong to nobody.`,
    });
  } finally {
    await close();
  }
}
