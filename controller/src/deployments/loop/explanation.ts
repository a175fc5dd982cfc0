import { isDeepStrictEqual } from "node:util";
import type { PlacementResult, Rejection } from "@damson/plugin-sdk";
import type { EntryExplanation, ExplanationRecord } from "../../model/kinds.ts";
import type { Refusal } from "./plan.ts";

/** Most rejected nodes that are kept: of one entry, and of all of a deployment, since a store takes a megabyte. */
const KEPT_REJECTIONS = { entry: 200, deployment: 2_400 };
const REASON_LENGTH = 200;

/** What a scheduler said of one entry. */
export interface Judged {
  readonly entry: string;
  readonly scheduler: string;
  readonly result: PlacementResult;
}

/** What a placement is explained by. */
export interface Findings {
  readonly judged: readonly Judged[];
  readonly refusals: readonly Refusal[];
  /** Instances that are to be made, by entry, and those of them that have a node. */
  readonly counts: ReadonlyMap<string, { readonly wanted: number; readonly placed: number }>;
}

/** The explanation with what was found now; `undefined` when that says nothing new. */
export function explained(
  before: ExplanationRecord | undefined,
  { judged, refusals, counts }: Findings,
  at: string,
): ExplanationRecord | undefined {
  const known = before?.entries ?? {};
  const entries: Record<string, EntryExplanation> = {};
  const found = new Set([...judged, ...refusals].map(({ entry }) => entry));
  // What was not placed, and is not wanted any more, needs no explanation.
  const over = Object.keys(known).filter(
    (name) => !found.has(name) && !counts.has(name) && known[name]?.unplaced !== 0,
  );
  const names = new Set([...Object.keys(known), ...found]);
  const limit = Math.min(KEPT_REJECTIONS.entry, Math.floor(KEPT_REJECTIONS.deployment / Math.max(names.size, 1)));
  for (const name of [...found, ...over]) {
    const named = refusals.filter(({ entry }) => entry === name);
    const refused = named.reduce((sum, { count }) => sum + count, 0);
    const { scheduler = "", result } = judged.findLast(({ entry }) => entry === name) ?? {};
    const { wanted = 0, placed = 0 } = counts.get(name) ?? {};
    const rejected = [...named, ...(result?.rejected ?? [])].map(shortened);
    const now = {
      scheduler,
      wanted: wanted + refused,
      unplaced: wanted - placed + refused,
      evaluated: result?.evaluated ?? 0,
      rejected: rejected.slice(0, limit),
      rejectedMore: Math.max(rejected.length - limit, 0),
    };
    const { at: _at, ...last } = known[name] ?? { at };
    if (!isDeepStrictEqual(last, now)) entries[name] = { at, ...now };
  }
  if (Object.keys(entries).length === 0) return undefined;
  const all = Object.entries({ ...known, ...entries });
  return { entries: Object.fromEntries(all.map(([name, entry]) => [name, shortenedTo(limit, entry)])) };
}

/** For those that were explained when there were fewer entries. */
function shortenedTo(limit: number, entry: EntryExplanation): EntryExplanation {
  const cut = Math.max(entry.rejected.length - limit, 0);
  if (cut === 0) return entry;
  return { ...entry, rejected: entry.rejected.slice(0, limit), rejectedMore: entry.rejectedMore + cut };
}

function shortened({ nodeId, filter, reason }: Rejection): Rejection {
  return { nodeId, filter, reason: reason.slice(0, REASON_LENGTH) };
}
