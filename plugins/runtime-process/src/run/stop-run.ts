import { constants } from "node:os";
import { setTimeout } from "node:timers/promises";
import { DamsonError, type ExitStatus, type StopOptions, type StopResult, unknownExit } from "@damson/plugin-sdk";
import { isAlive, nameOf, type ProcessStat, signalProcess } from "../process/identity.ts";

const KILL_MS = 5_000;
const EXIT_RECORD_MS = 3_000;
const SURE_LOOKS = 4;
const FIRST_WAIT_MS = 5;
const LONGEST_WAIT_MS = 100;

/** What stopping needs to know of a run. */
export interface StopTarget {
  /** The processes of the run now, without its shim. */
  members(): Promise<ProcessStat[]>;
  /** Its exit status, waited for so long; `undefined` while it runs. */
  exit(timeoutMs: number): Promise<ExitStatus | undefined>;
}

/**
 * Signals every process of the run, and kills what is left after the grace. The shim is never signalled: it writes down
 * how the app ended.
 *
 * @throws DamsonError `SIGNAL_UNKNOWN` (400).
 */
export async function stopRun(target: StopTarget, { signal, graceMs }: StopOptions): Promise<StopResult> {
  const known = signalNamed(signal);
  const graceEnd = performance.now() + graceMs;
  const seen = new Set<string>();
  const asked = new Set<string>();
  let members = await find(target, seen);
  while (members.length > 0 && performance.now() < graceEnd) {
    for (const member of parentsFirst(members)) {
      if (asked.has(nameOf(member))) continue;
      asked.add(nameOf(member));
      signalProcess(member, known);
      // A process that was halted would not see the signal.
      signalProcess(member, "SIGCONT");
    }
    await goneOrLate(members, graceEnd);
    members = await find(target, seen);
  }
  const killEnd = performance.now() + KILL_MS;
  while (members.length > 0 && performance.now() < killEnd) {
    // Halted first, so that none forks while the others are killed.
    for (const member of members) signalProcess(member, "SIGSTOP");
    for (const member of members) signalProcess(member, "SIGKILL");
    await goneOrLate(members, Math.min(killEnd, performance.now() + 1_000));
    members = await find(target, seen);
  }
  const survivors = members.map(({ comm, pid }) => `${comm} (pid ${pid})`);
  const status = await target.exit(members.length > 0 ? 0 : EXIT_RECORD_MS);
  return { status: status ?? unknownExit("it could not be stopped"), survivors };
}

/**
 * The members now. Looking takes a while, in which one that dies may have made another that is not seen: where there was
 * ever more than one, only several looks that find nothing count as nothing.
 */
async function find(target: StopTarget, seen: Set<string>): Promise<ProcessStat[]> {
  for (let look = 1; ; look += 1) {
    const members = await target.members();
    for (const member of members) seen.add(nameOf(member));
    if (members.length > 0 || seen.size <= 1 || look === SURE_LOOKS) return members;
    await setTimeout(FIRST_WAIT_MS);
  }
}

/** A shell whose child is ended before it learns of its own end takes that for news, and prints it into the app's log. */
function parentsFirst(members: readonly ProcessStat[]): ProcessStat[] {
  return members.toSorted((a, b) => a.start - b.start);
}

function signalNamed(name: string): NodeJS.Signals {
  const known = Object.keys(constants.signals).find((signal): signal is NodeJS.Signals => signal === name);
  if (known) return known;
  throw new DamsonError("SIGNAL_UNKNOWN", `"${name}" is not a signal`, {
    status: 400,
    remedy: "Use a name such as SIGTERM, SIGINT or SIGQUIT.",
  });
}

/** Waits until these processes are dead, looking ever less often. */
async function goneOrLate(members: readonly ProcessStat[], end: number): Promise<void> {
  let wait = FIRST_WAIT_MS;
  let living = members;
  for (;;) {
    living = living.filter(isAlive);
    const left = end - performance.now();
    if (living.length === 0 || left <= 0) return;
    await setTimeout(Math.min(wait, left));
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }
}
