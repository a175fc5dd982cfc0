import { expect, test } from "vitest";
import { applySpec, newDocument, restarted, stopped } from "./changes.ts";
import type { AppDocument, InstanceRecord } from "./document.ts";
import { type RunEnd, withRunEnd } from "./exit-record.ts";
import { planAll } from "./plan.ts";
import type { AppSpec } from "./schema/apply.ts";

const NOW = new Date("2026-01-01T00:00:00Z");
const ID = "shop-1";

function spec(version: string, restart: AppSpec["restart"]): AppSpec {
  return { app: "shop", version, pkg: { type: "binary" }, ...(restart ? { restart } : {}) };
}

function planned(document: AppDocument): AppDocument {
  return planAll(document, { now: NOW, view: () => ({ healthy: false }), newInstanceId: () => ID });
}

/** The instance after it died with this code. */
function afterDeath(document: AppDocument, code: number): InstanceRecord | undefined {
  const status = { code, signal: null, oom: false, endedAt: NOW.toISOString() };
  const end: RunEnd = {
    status,
    how: "died",
    handle: undefined,
    runtime: undefined,
    logCursor: null,
    healthySince: undefined,
    now: NOW,
  };
  return withRunEnd(document, ID, end).instances[0];
}

test("what never restarts has ended for good", () => {
  const document = planned(newDocument(spec("1", "never"), NOW));
  expect(afterDeath(document, 0)).toMatchObject({ ended: { final: true, success: true }, restarts: 0 });
});

test("what died is started again after its delay, and counted", () => {
  const document = planned(newDocument(spec("1", "always"), NOW));
  const record = afterDeath(document, 1);
  expect(record).toMatchObject({ ended: { final: false }, restarts: 1, failures: 1, intent: { run: 2 } });
  expect(record?.next_start_at).toBeDefined();
});

test.each([
  ["a new version", (document: AppDocument) => applySpec(document, spec("2", "never"), NOW)],
  ["a restart", restarted],
  ["a stop", stopped],
])("%s that was declared before the end could be recorded holds", (_, change) => {
  const document = planned(change(planned(newDocument(spec("1", "never"), NOW))));
  const record = afterDeath(document, 1);
  expect(record).toMatchObject({ ended: undefined, next_start_at: undefined, failures: 0 });
  expect(record?.intent).toEqual({ run: 2, revision: document.current, nonce: document.nonce });
});
