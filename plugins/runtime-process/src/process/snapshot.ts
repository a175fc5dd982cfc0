import { readdirSync, readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { hasCode } from "@damson/plugin-sdk";
import { nameOf, type ProcessStat, readStat } from "./identity.ts";

/** The variable that all processes of a run inherit, unless they clear their environment. */
export const MARKER = "DAMSON_RUN";

const CHUNK = 200;
const MOST_PASSES = 5;
/** The parent of the kernel's own threads, in whom nobody here is interested. */
const KERNEL_THREADS = 2;

/** All processes of the machine at about one moment, with what is needed to find the trees in it. */
export class Snapshot {
  readonly #byPid = new Map<number, ProcessStat>();
  readonly #children = new Map<number, ProcessStat[]>();
  readonly #sessions = new Map<number, ProcessStat[]>();
  readonly #markers: Markers;
  #marked: Map<string, ProcessStat[]> | undefined;

  constructor(processes: Iterable<ProcessStat>, markers: Markers) {
    this.#markers = markers;
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
    const queue = [...this.#byPid.values()].filter(({ ppid, session }) => this.#byPid.get(ppid)?.session !== session);
    for (let process = queue.pop(); process; process = queue.pop()) {
      const marker = this.#markers.of(process);
      if (marker) push(marked, marker, process);
      // It died since the snapshot, so its children are no longer reached through it.
      else if (marker === undefined) queue.push(...(this.#children.get(process.pid) ?? []));
    }
    return marked;
  }
}

/**
 * The markers that were found, so that the environment of a process is read until it has shown one, and then no more. A
 * process that has none may still come to it: a shim has the environment of who starts it until it is what it will be.
 */
class Markers {
  #known = new Map<string, string>();

  /** Empty when it has none; `undefined` when it is dead. */
  of(process: ProcessStat): string | undefined {
    const name = nameOf(process);
    const marker = this.#known.get(name) ?? readMarker(process.pid);
    if (marker) this.#known.set(name, marker);
    return marker;
  }

  /** Forgets all but these. */
  keep(processes: readonly ProcessStat[]): void {
    const kept = processes.map(nameOf).flatMap((name): [string, string][] => {
      const marker = this.#known.get(name);
      return marker ? [[name, marker]] : [];
    });
    this.#known = new Map(kept);
  }
}

function push(map: Map<string | number, ProcessStat[]>, key: string | number, process: ProcessStat): void {
  const list = map.get(key);
  if (list) list.push(process);
  else map.set(key, [process]);
}

/** The marker in the environment of a process; empty when it has none, or is another user's; `undefined` when it is dead. */
function readMarker(pid: number): string | undefined {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
    if (environment === "") return undefined;
    const marker = environment.split("\0").find((variable) => variable.startsWith(`${MARKER}=`));
    return marker?.slice(MARKER.length + 1) ?? "";
  } catch (error) {
    return hasCode(error, "EACCES", "EPERM") ? "" : undefined;
  }
}

async function takeSnapshot(markers: Markers): Promise<Snapshot> {
  const looked = new Set<string>();
  const processes: ProcessStat[] = [];
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const pids = readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name) && !looked.has(name));
    // What began during the last pass may be the child of one that ended before its turn.
    if (pids.length === 0) break;
    for (const pid of pids) {
      looked.add(pid);
      if (looked.size % CHUNK === 0) await setImmediate();
      const stat = readStat(Number(pid));
      if (stat && stat.pid !== KERNEL_THREADS && stat.ppid !== KERNEL_THREADS) processes.push(stat);
    }
  }
  markers.keep(processes);
  return new Snapshot(processes, markers);
}

/** Takes snapshots, one for all who ask at about the same time. */
export class Snapshots {
  readonly #markers = new Markers();
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
    const taken = takeSnapshot(this.#markers).finally(() => {
      if (this.#current === taken) this.#current = undefined;
    });
    this.#current = taken;
    this.#last = taken;
    return taken;
  }
}
