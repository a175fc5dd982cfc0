import type { RuntimeCapabilities } from "../runtime/capabilities.ts";
import type { Handle } from "../runtime/handle.ts";
import type { Instance, Package } from "../runtime/instance.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Program } from "./programs.ts";

/**
 * What the conformance suite needs from the author of a runtime, beside the runtime.
 *
 * The optional members make cases possible that not every runtime can have; where one is absent its cases are left out,
 * by a name that says so. Make nothing before `open` or a builder is called: the object is made when tests are collected.
 */
export interface RuntimeHarness {
  /** The capabilities that the runtime declares. A case checks that they are the same. */
  readonly capabilities: RuntimeCapabilities;

  /**
   * Whether resource limits can be set on this machine. When `false`, the suite checks that `admit` refuses a package
   * that asks for one.
   */
  readonly limitsCanBeSet: boolean;

  /**
   * A new runtime object for the agent `owner`, over the same state (directory, engine, cluster) as all others of this
   * owner. Different owners share what two agents on one machine share: an engine, a cluster, but not a directory.
   *
   * The suite drops a runtime without a word and opens another: this is how it plays an agent that was killed. So the
   * runtime may keep nothing only in memory that its successor needs. Close in `cleanup` what can be closed.
   */
  open(owner: string): Promise<Runtime>;

  /**
   * A valid package that runs `program.script` by a POSIX shell, with `program.environment` as its declared environment,
   * and with the memory limit `program.memoryLimit` when there is one. Signals that the script does not handle must have
   * their default effect, so in a container the shell needs an init before it. Tools used beyond the shell: `sleep`,
   * `setsid`, `awk`, `head`, `tr`, `env`; with `exec` also `cat`, `pwd`, `printf`, and `stty` where it is there.
   */
  package(program: Program): Package;

  /** For every `pkg.type`, a valid package with as many fields as can be. */
  readonly samples: Readonly<Record<string, Package>>;

  /** A package which is valid by its schema, but whose program does not exist, so that `start` cannot start it. */
  commandMissing(): Package;

  /** A package which is valid by its schema, but which `admit` has to refuse. */
  inadmissible?(): Package;

  /** A package that is fit to run until `vanish` takes its working directory away. */
  workingDirectory?(): Promise<{ readonly pkg: Package; vanish(): Promise<void> }>;

  /** A package whose `prepare` never ends by itself, e.g. for a server that accepts a request and does not answer. */
  preparesForever?(): Promise<Package>;

  /**
   * Everything that lives of the instance, over all its runs, but for the runtime's own helpers: one id per process (such
   * as its pid), which stays the same for the life of the process, and by which `stop` names a survivor. Processes that
   * have ended and wait to be reaped do not live. Found without the runtime: in /proc (by `hostProcessesOf`), by `docker top`,
   * by `ps` in the pod.
   */
  alive(instance: Instance): Promise<readonly string[]>;

  /** What is kept of the instance on disk or in the engine, found without the runtime. Empty when nothing is. */
  traces?(instance: Instance): Promise<readonly string[]>;

  /** An outsider sends a signal to the unit's main process (the shell that runs the script), and to no other. */
  signalUnit(handle: Handle, signal: string): Promise<void>;

  /** An outsider sends SIGKILL to the helper which the runtime keeps beside the unit (a shim), and to no other process. */
  killHelper?(handle: Handle): Promise<void>;

  /**
   * A process of its own opens the runtime for `instance.owner`, prepares and starts the instance, and is ended by SIGKILL:
   * `killAfterMs` after it has called `start`, or without it as soon as `start` has resolved. Its handle reaches nobody.
   * Resolves when that process is gone.
   */
  startInDyingAgent?(instance: Instance, killAfterMs?: number): Promise<void>;

  /** Makes one process of the unit survive every signal, as one that hangs in the kernel does. By an injected fault. */
  makeUnkillable?(handle: Handle): Promise<void>;

  /**
   * For runtimes whose ids are used again (pids): turns the handle of an ended run into one whose id now belongs to a
   * stranger, and whose record of the run's end is lost.
   */
  reuseId?(handle: Handle): Promise<{ readonly handle: Handle; strangerLives(): Promise<boolean> }>;

  /** Ends and removes whatever is left of all that the harness made. Called once, after the last case. */
  cleanup(): Promise<void>;
}
