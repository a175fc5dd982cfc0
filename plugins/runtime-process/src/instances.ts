import { chmodSync, mkdirSync, readdirSync } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { type Layout, parseRecordName } from "./layout.ts";
import { readRecord } from "./run/record.ts";

const KEPT_MS = 24 * 60 * 60_000;

/** What is on disk of the instances. */
export class Instances {
  readonly #layout: Layout;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /** Makes the instance's directory unless it is there. */
  open(instanceId: string): void {
    mkdirSync(this.#layout.logs(instanceId), { recursive: true, mode: 0o700 });
  }

  /** Lets other users pass through to what is below the instance's directory; they still cannot list it. */
  letPass(instanceId: string): void {
    const { root, instances } = this.#layout;
    for (const directory of [dirname(root), root, instances, this.#layout.instance(instanceId)])
      chmodSync(directory, 0o711);
  }

  /** The runs that have a record. */
  runs(): { instanceId: string; run: number }[] {
    return list(this.#layout.status).flatMap((name) => parseRecordName(name) ?? []);
  }

  /** The runs of one instance that left a record or a directory. */
  runsOf(instanceId: string): Set<number> {
    const recorded = this.runs().flatMap((one) => (one.instanceId === instanceId ? [one.run] : []));
    const directories = list(this.#layout.instance(instanceId)).flatMap((name) => {
      const run = /^run-([0-9]+)$/.exec(name)?.[1];
      return run === undefined ? [] : [Number(run)];
    });
    return new Set([...recorded, ...directories]);
  }

  /** Removes what is kept of one run: its record, then its directory. */
  async removeRun(instanceId: string, run: number): Promise<void> {
    await rm(this.#layout.record(instanceId, run), { force: true });
    await rm(this.#layout.runDir(instanceId, run), { recursive: true, force: true });
  }

  /** Removes the instance's directory with all its logs. */
  async remove(instanceId: string): Promise<void> {
    await rm(this.#layout.instance(instanceId), { recursive: true, force: true });
  }

  /**
   * Removes what starts have left that never came to be, once nothing of them can still be on its way: records by which
   * a start was given up, and directories of instances that were prepared and never ran.
   */
  async prune(now = Date.now()): Promise<void> {
    for (const { instanceId, run } of this.runs()) {
      const record = readRecord(this.#layout.record(instanceId, run));
      const isVoid = typeof record === "object" && record.state === "void";
      if (isVoid && now - record.startedAt.getTime() > KEPT_MS) await this.removeRun(instanceId, run);
    }
    const recorded = new Set(this.runs().map(({ instanceId }) => instanceId));
    for (const instanceId of list(this.#layout.instances)) {
      if (!recorded.has(instanceId)) await this.#removeUnused(instanceId, now);
    }
  }

  async #removeUnused(instanceId: string, now: number): Promise<void> {
    const changed = await stat(this.#layout.instance(instanceId)).catch(() => undefined);
    if (!changed || now - changed.mtimeMs < KEPT_MS) return;
    // Output is never thrown away without being asked.
    if (list(this.#layout.logs(instanceId)).length === 0) await this.remove(instanceId);
  }
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
