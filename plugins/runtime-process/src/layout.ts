import { createHash } from "node:crypto";
import { join } from "node:path";

const SAFE_NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/**
 * Where the things of one owner are on disk, in `<directory>/<owner>/`:
 *
 * ```
 * status/<instance>.<run>        record of a run, written by its shim (flat, so that one watch sees them all)
 * instances/<instance>/
 *   logs/stdout, stderr          all output of all runs, append-only; *.marks: see logs/marks.ts
 *   run-<n>/                     the script, the limits and the artifact of one run
 *   work/                        where it runs when the spec does not say
 *   app-<sha256>[-<uid>]/        an unpacked artifact, of the user it runs as
 * artifacts/<sha256>/archive     cache of archives
 * ```
 *
 * What is an artifact's is kept by `Artifacts` of @damson/artifact.
 */
export class Layout {
  readonly root: string;
  /** Tells the units of this directory from those of another on the same machine, should its owner have the same name. */
  readonly id: string;
  readonly status: string;
  readonly instances: string;
  readonly artifacts: string;

  constructor(directory: string, owner: string) {
    const root = join(directory, SAFE_NAME.test(owner) ? owner : createHash("sha256").update(owner).digest("hex"));
    this.root = root;
    this.id = createHash("sha256").update(root).digest("hex").slice(0, 8);
    this.status = join(root, "status");
    this.instances = join(root, "instances");
    this.artifacts = join(root, "artifacts");
  }

  /** Value of the variable by which the processes of a run are found, wherever they went. */
  marker(owner: string, instanceId: string, run: number): string {
    return `${owner}/${instanceId}/${run}/${this.id}`;
  }

  record(instanceId: string, run: number): string {
    return join(this.status, recordName(instanceId, run));
  }

  instance(instanceId: string): string {
    return join(this.instances, instanceId);
  }

  runDir(instanceId: string, run: number): string {
    return join(this.instances, instanceId, `run-${run}`);
  }

  logs(instanceId: string): string {
    return join(this.instances, instanceId, "logs");
  }

  work(instanceId: string): string {
    return join(this.instances, instanceId, "work");
  }
}

/** File name of a run's record. */
export function recordName(instanceId: string, run: number): string {
  return `${instanceId}.${run}`;
}

/** The instance and run that a record's file name stands for. */
export function parseRecordName(name: string): { instanceId: string; run: number } | undefined {
  const match = /^(.+)\.([1-9][0-9]*)$/.exec(name);
  if (!match?.[1]) return undefined;
  return { instanceId: match[1], run: Number(match[2]) };
}
