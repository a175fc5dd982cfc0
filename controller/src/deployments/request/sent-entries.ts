import type { Segments } from "@damson/core/schema";
import type { EntryRequest, RolloutRequest } from "../../api/schema/deployments.ts";
import type { Findings } from "./findings.ts";

/** An entry as it was sent, and the way to it in the request. */
export interface SentEntry {
  readonly at: Segments;
  readonly entry: EntryRequest;
}

const SINGLE = ["artifactUrl", "sha256", "startCmd", "spec", "replicas", "placement"] as const;

/** The entries of a request: those of `entries`, or the one whose fields stand beside the name. */
export function sentEntries({ entries, ...request }: RolloutRequest, findings: Findings): SentEntry[] {
  const beside = SINGLE.filter((field) => request[field] !== undefined);
  if (entries === undefined) {
    if (beside.length > 0) return [{ at: [], entry: withoutRest(request) }];
    findings.fault(["entries"], {
      message: "missing fields: there is nothing to run",
      hint: 'For example entries: [{ artifactUrl: "/artifacts/…", replicas: 1 }], or an entry with a spec.',
    });
    return [];
  }
  for (const field of beside) {
    findings.fault([field], { message: "stands beside entries", hint: "Move it into the entry that it is for." });
  }
  return entries.map((entry, index) => ({ at: ["entries", index], entry }));
}

function withoutRest({ name: _name, labels: _labels, update: _update, ...entry }: RolloutRequest): EntryRequest {
  return entry;
}
