import type { Explanation } from "@damson/client";
import type { Colors } from "./colors.ts";
import { ago } from "./human.ts";
import { plain } from "./plain.ts";
import { table } from "./table.ts";

/** More nodes that were rejected for the same reason are counted, not named. */
const NAMED_NODES = 5;
/** More instances are summed up by node. */
const LISTED_INSTANCES = 30;

type Entry = Explanation["entries"][number];

/** Why instances are where they are, and which nodes were rejected for what. */
export function explained({ entries, name }: Explanation, colors: Colors): string {
  return entries.map((entry) => explainEntry(entry, name, entries.length > 1, colors)).join("\n\n");
}

function explainEntry(entry: Entry, name: string, several: boolean, colors: Colors): string {
  const title = colors.bold(several ? `${name}, ${entry.entry}` : name);
  const unplaced = entry.unplaced > 0 ? colors.red(`, ${entry.unplaced} without a node`) : "";
  const parts = [`${title}: ${entry.placed} of ${entry.wanted} placed${unplaced}${looked(entry)}`];
  const rejected = rejections(entry);
  if (rejected.length > 0) parts.push("", "Rejected:", ...rejected.map((line) => `  ${line}`));
  if (entry.instances.length > 0) parts.push("", placements(entry, colors));
  return parts.join("\n");
}

function looked({ at, evaluated, instances, placed, scheduler }: Entry): string {
  if (at !== undefined) {
    return `; ${scheduler ?? "the scheduler"} looked at ${evaluated} ${evaluated === 1 ? "node" : "nodes"} ${ago(at)}`;
  }
  const allNamed = placed > 0 && instances.every(({ cause }) => cause === "named");
  return allNamed ? ", by the names of nodes, without a scheduler" : "; no scheduler has looked yet";
}

/** One line a reason, the most frequent first. */
function rejections({ rejected, rejectedMore }: Entry): string[] {
  const groups = Map.groupBy(rejected, ({ filter, reason }) => `${filter}: ${reason}`);
  const lines = [...groups]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([reason, nodes]) => plain(`${nodeNames(nodes.map(({ nodeId }) => nodeId))}  ${reason}`));
  return rejectedMore > 0 ? [...lines, `and ${rejectedMore} more nodes, whose reasons are not kept`] : lines;
}

function nodeNames(ids: readonly string[]): string {
  const more = ids.length - NAMED_NODES;
  const named = (more > 0 ? ids.slice(0, NAMED_NODES) : ids).join(", ");
  return more > 0 ? `${named} and ${more} more` : named;
}

function placements({ instances }: Entry, colors: Colors): string {
  if (instances.length > LISTED_INSTANCES) {
    const byNode = Map.groupBy(instances, ({ nodeId }) => nodeId);
    const rows = [...byNode].map(([nodeId, list]) => [nodeId, String(list.length), plain(list[0]?.text ?? "")]);
    return table(["NODE", "INSTANCES", "WHY"], rows, colors);
  }
  const rows = instances.map(({ cause, instanceId, nodeId, parts = {}, score, text }) => [
    instanceId,
    nodeId,
    plain(cause),
    score === undefined ? "-" : scoreText(score, parts),
    plain(text),
  ]);
  return table(["INSTANCE", "NODE", "CAUSE", "SCORE", "WHY"], rows, colors);
}

function scoreText(score: number, parts: Readonly<Record<string, number>>): string {
  const list = Object.entries(parts).map(([name, value]) => `${name} ${value.toFixed(2)}`);
  return list.length === 0 ? score.toFixed(2) : `${score.toFixed(2)} (${list.join(", ")})`;
}
