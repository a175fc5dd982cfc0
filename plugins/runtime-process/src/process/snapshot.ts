import { readdirSync, readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { type ProcessStat, readStat } from "./identity.ts";

/** The variable that all processes of a run inherit, unless they clear their environment. */
export const MARKER = "DAMSON_RUN";

const CHUNK = 200;

/** All processes of the machine at about one moment, with what is needed to find the trees in it. */
export class Snapshot {
  readonly #byPid = new Map<number, ProcessStat>();
  readonly #children = new Map<number, ProcessStat[]>();
  readonly #sessions = new Map<number, ProcessStat[]>();
  #marked: Map<string, ProcessStat[]> | undefined;

  constructor(processes: Iterable<ProcessStat>) {
    for (const process of processes) {
      this.#byPid.set(process.pid, process);
      push(this.#children, process.ppid, process);
      push(this.#sessions, process.session, process);
    }
  }

  get(pid: number): ProcessStat | undefined {
    return this.#byPid.get(pid);
  }

  session(leader: number): readonly ProcessStat[] {
    return this.#sessions.get(leader) ?? [];
  }

  /** `roots` and all that descend from them. */
  withDescendants(roots: Iterable<ProcessStat>): Map<number, ProcessStat> {
    const found = new Map<number, ProcessStat>();
    const queue = [...roots];
    for (let process = queue.pop(); process; process = queue.pop()) {
      if (found.has(process.pid)) continue;
      found.set(process.pid, process);
      queue.push(...(this.#children.get(process.pid) ?? []));
    }
    return found;
  }

  /**
   * Processes whose environment carries this marker. Only those whose parent is in another session are looked at: the
   * others are reached by descent, and reading an environment is the dearest part of a search.
   */
  marked(marker: string): readonly ProcessStat[] {
    this.#marked ??= this.#readMarkers();
    return this.#marked.get(marker) ?? [];
  }

  #readMarkers(): Map<string, ProcessStat[]> {
    const marked = new Map<string, ProcessStat[]>();
    for (const process of this.#byPid.values()) {
      if (this.#byPid.get(process.ppid)?.session === process.session) continue;
      const marker = readMarker(process.pid);
      if (marker) push(marked, marker, process);
    }
    return marked;
  }
}

function push(map: Map<string | number, ProcessStat[]>, key: string | number, process: ProcessStat): void {
  const list = map.get(key);
  if (list) list.push(process);
  else map.set(key, [process]);
}

function readMarker(pid: number): string | undefined {
  try {
    const environment = `\0${readFileSync(`/proc/${pid}/environ`, "utf8")}`;
    const start = environment.indexOf(`\0${MARKER}=`);
    if (start < 0) return undefined;
    const value = environment.slice(start + MARKER.length + 2);
    return value.slice(0, Math.max(value.indexOf("\0"), 0));
  } catch {
    // Another user's process, or a dead one.
    return undefined;
  }
}

async function takeSnapshot(): Promise<Snapshot> {
  const processes: ProcessStat[] = [];
  const pids = readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name));
  for (const [index, pid] of pids.entries()) {
    if (index % CHUNK === CHUNK - 1) await setImmediate();
    const stat = readStat(Number(pid));
    if (stat) processes.push(stat);
  }
  return new Snapshot(processes);
}

/** Takes snapshots, one for all who ask at about the same time. */
export class Snapshots {
  #current: Promise<Snapshot> | undefined;
  #next: Promise<Snapshot> | undefined;
  #last: Promise<Snapshot> | undefined;
  #takenAt = Number.NEGATIVE_INFINITY;

  /** One that was begun after this call. */
  fresh(): Promise<Snapshot> {
    if (!this.#current) return this.#take();
    this.#next ??= this.#current.then(
      () => this.#take(),
      () => this.#take(),
    );
    return this.#next;
  }

  /** One that is not older than this. */
  recent(maxAgeMs: number): Promise<Snapshot> {
    return this.#last && performance.now() - this.#takenAt <= maxAgeMs ? this.#last : this.fresh();
  }

  #take(): Promise<Snapshot> {
    this.#next = undefined;
    this.#takenAt = performance.now();
    const taken = takeSnapshot().finally(() => {
      if (this.#current === taken) this.#current = undefined;
    });
    this.#current = taken;
    this.#last = taken;
    return taken;
  }
}
