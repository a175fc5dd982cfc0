import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { DamsonError, type Instance } from "@damson/plugin-sdk";
import { type Static, Type } from "typebox";
import { Compile } from "typebox/compile";
import { writeWhole } from "./disk.ts";
import { type Layout, parseRecordName, recordName } from "./layout.ts";
import { readRecord } from "./run/record.ts";

const InstanceFile = Type.Object({ version: Type.Literal(1), owner: Type.String(), app: Type.String() });
type InstanceFile = Static<typeof InstanceFile>;
const instanceFile = Compile(InstanceFile);
const FILE = "instance.json";
const VOID_KEPT_MS = 24 * 60 * 60_000;

/** The directories of the instances, each with a file that says whose it is. */
export class Instances {
  readonly #layout: Layout;
  readonly #owners = new Map<string, string>();

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /**
   * Makes the instance's directory unless it is there.
   *
   * @throws DamsonError `FOREIGN_UNIT` (409) when it is another owner's.
   */
  open({ owner, instanceId, app }: Instance): void {
    const directory = this.#layout.instance(instanceId);
    this.checkOwner(owner, instanceId);
    if (this.#owners.has(instanceId)) return;
    mkdirSync(this.#layout.logs(instanceId), { recursive: true, mode: 0o700 });
    const facts: InstanceFile = { version: 1, owner, app };
    writeWhole(join(directory, FILE), JSON.stringify(facts));
    this.#owners.set(instanceId, owner);
  }

  /** Lets other users pass through to what is below the instance's directory; they still cannot list it. */
  letPass(instanceId: string): void {
    const { root, instances } = this.#layout;
    for (const directory of [root, instances, this.#layout.instance(instanceId)]) chmodSync(directory, 0o711);
  }

  /** @throws DamsonError `FOREIGN_UNIT` (409) when the instance is another owner's. */
  checkOwner(owner: string, instanceId: string): void {
    const known = this.#ownerOf(instanceId);
    if (known === undefined || known === owner) return;
    throw new DamsonError("FOREIGN_UNIT", `${instanceId} belongs to another agent`, {
      status: 409,
      remedy: "Give each agent a directory of its own.",
    });
  }

  /** The instances of this owner. */
  ids(owner: string): string[] {
    return list(this.#layout.instances).filter((id) => this.#ownerOf(id) === owner);
  }

  /** The runs that have a record, by instance. */
  runs(): Map<string, number[]> {
    const runs = new Map<string, number[]>();
    for (const name of list(this.#layout.status)) {
      const parsed = parseRecordName(name);
      if (parsed) runs.set(parsed.instanceId, [...(runs.get(parsed.instanceId) ?? []), parsed.run]);
    }
    return runs;
  }

  /** The runs of one instance that left a directory. */
  runDirs(instanceId: string): number[] {
    return list(this.#layout.instance(instanceId)).flatMap((name) => {
      const run = /^run-([0-9]+)$/.exec(name)?.[1];
      return run === undefined ? [] : [Number(run)];
    });
  }

  /** When the instance's directory was made. */
  since(instanceId: string): Date {
    return statSync(join(this.#layout.instance(instanceId), FILE)).mtime;
  }

  /** Removes the records by which starts were given up, once nothing of such a start can still be on its way. */
  async prune(now = Date.now()): Promise<void> {
    for (const name of list(this.#layout.status)) {
      const path = join(this.#layout.status, name);
      const record = readRecord(path);
      if (typeof record === "object" && record.state === "void" && now - record.startedAt.getTime() > VOID_KEPT_MS) {
        await rm(path, { force: true });
      }
    }
  }

  /** Removes what is kept of some runs: record and directory. */
  async removeRuns(instanceId: string, runs: Iterable<number>): Promise<void> {
    for (const run of runs) {
      await rm(join(this.#layout.status, recordName(instanceId, run)), { force: true });
      await rm(this.#layout.runDir(instanceId, run), { recursive: true, force: true });
    }
  }

  /** Removes the instance's directory. The file that says whose it is goes last, so that a crash leaves no stray. */
  async remove(instanceId: string): Promise<void> {
    const directory = this.#layout.instance(instanceId);
    for (const name of list(directory)) {
      if (name !== FILE) await rm(join(directory, name), { recursive: true, force: true });
    }
    await rm(directory, { recursive: true, force: true });
    this.#owners.delete(instanceId);
  }

  #ownerOf(instanceId: string): string | undefined {
    const known = this.#owners.get(instanceId);
    if (known !== undefined) return known;
    try {
      const facts: unknown = JSON.parse(readFileSync(join(this.#layout.instance(instanceId), FILE), "utf8"));
      if (!instanceFile.Check(facts)) return undefined;
      this.#owners.set(instanceId, facts.owner);
      return facts.owner;
    } catch {
      return undefined;
    }
  }
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
