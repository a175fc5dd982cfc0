/** What `damson` exits with. Part of its interface: scripts rely on it. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  unreachable: 4,
  /** `damson exec`: the command could not be started, as `env` counts it. */
  notStarted: 126,
  /** Ended by Ctrl-C, as shells count it. */
  interrupted: 130,
  /** `damson exec`: nobody knows how the command ended, as `ssh` counts it. */
  unknown: 255,
} as const;

/** What each exit code means, for help and documentation. */
export const EXIT_TEXTS: readonly (readonly [code: number, meaning: string])[] = [
  [EXIT.ok, "done"],
  [EXIT.failed, "it failed; the reason is on stderr"],
  [EXIT.usage, "the command line, a setting or a settings file is wrong"],
  [EXIT.notFound, "the app, or what else was named, does not exist"],
  [EXIT.unreachable, "no answer from the agent, or from the controller"],
  [EXIT.notStarted, "exec: the command could not be started; one that ran ends damson with its own code"],
  [EXIT.interrupted, "interrupted by Ctrl-C (0 where following was all there was to do)"],
  [EXIT.unknown, "exec: how the command ended is not known, e.g. because the connection broke"],
];
