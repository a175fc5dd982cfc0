import type { AgentStatusReport } from "../api/schema/statuses.ts";
import { forgetInstances } from "../assignments/forget-instances.ts";
import type { Change } from "../changes/change.ts";
import { type Assignment, isActive } from "../model/assignment.ts";
import type { InstanceStatusRecord } from "../model/instance-status.ts";
import type { ControllerParts } from "../parts.ts";
import { withReport } from "./record.ts";

/** A report of an instance; those of Plum have no number. */
export type Report = Omit<AgentStatusReport, "seq"> & { readonly seq?: number };

/** What became of reports. */
export interface Reported {
  readonly accepted: number;
  /** Instances that are not assigned to the node, or not any more. */
  readonly unknown: readonly string[];
}

/** A commit takes 128 conditions, and each instance needs two. */
const BATCH_INSTANCES = 60;
/** A commit takes 1,000,000 bytes. */
const BATCH_BYTES = 500_000;

/** What agents say of their instances. */
export class Statuses {
  readonly #parts: ControllerParts;
  /** Numbers of reports that said nothing new, so that nothing older is taken for newer; harmless to forget. */
  readonly #repeated = new Map<string, number>();

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    parts.objects.statuses.onChange(({ id }) => this.#repeated.delete(id));
  }

  /** Keeps what is new of a node's reports. Resolves when it is durable. */
  async take(nodeId: string, reports: readonly Report[]): Promise<Reported> {
    const byInstance = Map.groupBy(reports, ({ instanceId }) => instanceId);
    const waiting = [...byInstance];
    const unknown: string[] = [];
    while (waiting.length > 0) {
      const { result } = await this.#parts.changes.run((change) => this.#write(change, nodeId, waiting));
      waiting.splice(0, result.done);
      unknown.push(...result.unknown);
      for (const [instanceId, seq] of result.repeated) this.#repeated.set(instanceId, seq);
    }
    const missing = new Set(unknown);
    return { accepted: reports.filter(({ instanceId }) => !missing.has(instanceId)).length, unknown };
  }

  /** One of an agent of Plum. What it was to let go and has stopped is gone, since it says nothing more of it. */
  async takeOfPlum({ nodeId, instanceId }: Assignment, report: Report): Promise<void> {
    await this.take(nodeId, [report]);
    if (report.phase === "Running" || report.phase === "Pending") return;
    if (this.#parts.objects.nodes.get(nodeId)?.value.owner !== undefined) return;
    await forgetInstances(this.#parts, [instanceId], (assignment) => !isActive(assignment));
  }

  /** As many of the instances as one commit takes. */
  #write(change: Change, nodeId: string, waiting: readonly [string, readonly Report[]][]) {
    const unknown: string[] = [];
    const repeated = new Map<string, number>();
    let bytes = 0;
    let done = 0;
    for (const [instanceId, reports] of waiting) {
      if (done === BATCH_INSTANCES || bytes > BATCH_BYTES) break;
      done += 1;
      if (change.get("assignments", instanceId)?.value.nodeId !== nodeId) unknown.push(instanceId);
      else {
        const { record, newest } = this.#fold(change.get("statuses", instanceId)?.value, nodeId, instanceId, reports);
        if (record) bytes += this.#put(change, record);
        else repeated.set(instanceId, newest);
      }
    }
    return { done, unknown, repeated };
  }

  /** What the reports make of a record, if they say anything new, and the number of the newest one. */
  #fold(known: InstanceStatusRecord | undefined, nodeId: string, instanceId: string, reports: readonly Report[]) {
    let record = known;
    let newest = Math.max(known?.seq ?? -1, this.#repeated.get(instanceId) ?? -1);
    for (const report of reports.toSorted((a, b) => (a.seq ?? 0) - (b.seq ?? 0))) {
      if (report.seq !== undefined && report.seq <= newest) continue;
      newest = report.seq ?? newest;
      record = withReport(record, nodeId, report, this.#parts.now());
    }
    return { record: record === known ? undefined : record, newest };
  }

  #put(change: Change, record: InstanceStatusRecord): number {
    const { instanceId } = record;
    this.#tell(change, change.get("statuses", instanceId)?.value, record);
    change.put("statuses", instanceId, record);
    return Buffer.byteLength(JSON.stringify(record));
  }

  /** People want to hear of what went wrong; the rest is in the status. */
  #tell(change: Change, known: InstanceStatusRecord | undefined, { instanceId, nodeId, latest }: InstanceStatusRecord) {
    const about = { instanceId, nodeId };
    const reason = latest.reason ? `: ${latest.reason}` : "";
    if (latest.phase === "Failed" && known?.latest.phase !== "Failed") {
      change.publish({ type: "instance.failed", message: `${instanceId} on ${nodeId} failed${reason}`, ...about });
    }
    if (latest.crashLooping && !known?.latest.crashLooping) {
      change.publish({
        type: "instance.crash_looping",
        message: `${instanceId} on ${nodeId} dies again and again`,
        ...about,
      });
    }
  }
}
