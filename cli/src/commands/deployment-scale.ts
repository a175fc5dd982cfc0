import type { Command } from "commander";
import { usageError } from "../cli-error.ts";
import { once } from "../cluster/once.ts";
import { addSettleFlags, type SettleFlags, settle } from "../cluster/settle.ts";
import { withController } from "../cluster/with-controller.ts";
import { clusterCommand } from "./cluster-command.ts";

type Replicas = number | Record<string, number>;

/** `damson deployment scale` */
export function deploymentScaleCommand(): Command {
  const self = clusterCommand("scale", "change how many instances there are")
    .argument("<deployment>", "its name or id")
    .argument(
      "<replicas...>",
      "a number; node=number for each node; entry:… before it, where there are several entries",
    )
    .addHelpText(
      "after",
      "\nExamples: `scale shop 5`, `scale shop nodeA=2 nodeB=1`, `scale shop api:5 worker:2`. Entries that are not named stay.",
    );
  return addSettleFlags(self).action((id: string, words: readonly string[], flags: SettleFlags, called: Command) => {
    const body = readScale(words);
    return withController(called, async (client, context) => {
      const path = { id };
      const done = await once((headers) =>
        client.api.POST("/v1/deployments/{id}/scale", { params: { path }, body, headers }),
      );
      const state = flags.wait ?? (done.changed ? "declared" : "unchanged");
      const text = `scaled to ${words.join(" ")}, ${state}`;
      await settle(client, context, { name: id, done, text }, flags);
    });
  });
}

/** @throws CliError (exit code 2) when the words cannot be read, or say two things. */
function readScale(words: readonly string[]): { replicas?: Replicas; entries?: Record<string, Replicas> } {
  const entries = new Map<string, Replicas>();
  for (const word of words) {
    const [, entry = "", node, digits] = /^(?:([^:=]+):)?(?:([^:=]+)=)?([0-9]{1,6})$/.exec(word) ?? [];
    if (digits === undefined) {
      throw usageError(`scale: cannot read "${word}"`, "Write 5, nodeA=2, entry:5 or entry:nodeA=2.");
    }
    const before = entries.get(entry);
    if (node === undefined ? before !== undefined : typeof before === "number") {
      throw usageError(`scale: "${word}" contradicts what stands before it`);
    }
    const count = Number(digits);
    entries.set(entry, node === undefined ? count : { ...(typeof before === "object" ? before : {}), [node]: count });
  }
  const { "": whole, ...named } = Object.fromEntries(entries);
  if (whole === undefined) return { entries: named };
  if (entries.size === 1) return { replicas: whole };
  throw usageError("scale: name an entry before each number, or none");
}
