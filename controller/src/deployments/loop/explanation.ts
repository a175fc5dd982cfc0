import { isDeepStrictEqual } from "node:util";
import type { PlacementResult, Rejection } from "@damson/plugin-sdk";
import type { EntryExplanation, ExplanationRecord } from "../../model/kinds.ts";
import type { Refusal } from "./plan.ts";

/** Most rejected nodes that are kept. */
const KEPT_REJECTIONS = 200;

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
  const entries: Record<string, EntryExplanation> = {};
  for (const name of new Set([...judged, ...refusals].map(({ entry }) => entry))) {
    const own = judged.filter(({ entry }) => entry === name);
    const last = own.at(-1);
    const named = refusals.filter(({ entry }) => entry === name);
    const rejected: Rejection[] = [
      ...named.map(({ nodeId, filter, reason }) => ({ nodeId, filter, reason })),
      ...(last?.result.rejected ?? []),
    ];
    const { wanted = 0, placed = 0 } = counts.get(name) ?? {};
    const refused = named.reduce((sum, { count }) => sum + count, 0);
    const found = {
      scheduler: last?.scheduler ?? "",
      wanted: wanted + refused,
      unplaced: wanted - placed + refused,
      evaluated: last?.result.evaluated ?? 0,
      rejected: rejected.slice(0, KEPT_REJECTIONS),
      rejectedMore: Math.max(rejected.length - KEPT_REJECTIONS, 0),
    };
    const { at: _at, ...known } = before?.entries[name] ?? { at };
    if (!isDeepStrictEqual(known, JSON.parse(JSON.stringify(found)))) entries[name] = { at, ...found };
  }
  if (Object.keys(entries).length === 0) return undefined;
  return { entries: { ...before?.entries, ...entries } };
}
