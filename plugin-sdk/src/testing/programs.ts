/**
 * What a test program does, for runtimes that cannot run a shell. All others run {@link Program.script}.
 *
 * - `exits`: ends at once with `code`.
 * - `kills-itself`: ends at once by `signal`.
 * - `runs`: prints `ready`, then runs until a signal ends it.
 * - `exits-on`: prints `ready`, then runs until `signal` comes, then ends with `code`.
 * - `ignores-term`: prints `ready`, then runs and ignores SIGTERM.
 * - `tree`: prints `ready`, then runs, with a child, a grandchild, a child in a session of its own, and an orphan.
 * - `daemonises`: runs, and leaves a daemon that has a session of its own and no parent, which prints `ready`.
 * - `leaves-child`: leaves a child that runs, prints `ready`, and ends with 0.
 * - `prints`: prints `out 1` … `out n` on stdout and `err 1` … `err n` on stderr in turn, then ends with 0.
 * - `prints-bytes`: prints {@link BYTES}, then ends with 0.
 * - `prints-long-line`: prints a line of {@link LONG_LINE_BYTES} times `x`, then `end`, then ends with 0.
 * - `floods`: prints the numbers 1 to `lines`, each in {@link FLOOD_LINE_BYTES} bytes with its line break, then ends with 0.
 * - `counts`: prints 1, 2, 3 … every 10 ms until a signal ends it.
 * - `talks`: prints `ready`, then `said 1`, `said 2` … at each SIGUSR1, until another signal ends it.
 * - `prints-environment`: prints `NAME=value` for every variable, then ends with 0.
 * - `busy`: prints `ready`, then uses the processor until a signal ends it.
 * - `eats-memory`: takes up to 256 MiB, then ends with 0.
 */
export type Behaviour =
  | { readonly kind: "exits"; readonly code: number }
  | { readonly kind: "kills-itself"; readonly signal: "SIGTERM" | "SIGKILL" }
  | { readonly kind: "exits-on"; readonly signal: "SIGTERM" | "SIGINT"; readonly code: number }
  | { readonly kind: "prints"; readonly lines: number }
  | { readonly kind: "floods"; readonly lines: number }
  | {
      readonly kind:
        | "runs"
        | "ignores-term"
        | "tree"
        | "daemonises"
        | "leaves-child"
        | "prints-bytes"
        | "prints-long-line"
        | "counts"
        | "talks"
        | "prints-environment"
        | "busy"
        | "eats-memory";
    };

/** What the suite wants to be run as a unit. */
export interface Program {
  readonly does: Behaviour;
  /** POSIX shell text that does it. */
  readonly script: string;
  /** The environment that the package has to declare. */
  readonly environment: Readonly<Record<string, string>>;
  /** The memory limit that the package has to ask for, e.g. `64m`; absent for none. */
  readonly memoryLimit?: string;
}

/** Length of the line of `prints-long-line`. */
export const LONG_LINE_BYTES = 200_000;

/** Length of each line of `floods`, line break included. */
export const FLOOD_LINE_BYTES = 100;

/** What `prints-bytes` prints: text, bytes that are no UTF-8, an empty line, and a last line without a line break. */
export const BYTES = Buffer.from("before\n\xff\xfe\x00\x80 bytes\n\nafter", "latin1");

const FOR_EVER = "sleep 86400";

/** Prints `ready` and calls `handler` at `signal`, without end. The sleeper is replaced so that none is left behind. */
function handling(signal: string, handler: string): string {
  return `
    trap '${handler}' ${signal}
    echo ready
    while :; do ${FOR_EVER} & wait "$!"; kill "$!" 2>/dev/null; done`;
}

function scriptOf(does: Behaviour): string {
  switch (does.kind) {
    case "exits":
      return `exit ${does.code}`;
    case "kills-itself":
      return `kill -${does.signal.slice(3)} $$`;
    case "runs":
      return `echo ready; exec ${FOR_EVER}`;
    case "exits-on":
      return handling(does.signal.slice(3), `kill "$!" 2>/dev/null; exit ${does.code}`);
    case "ignores-term":
      return `trap "" TERM; echo ready; exec ${FOR_EVER}`;
    case "tree":
      return `
        sh -c '${FOR_EVER} & exec ${FOR_EVER}' &
        setsid ${FOR_EVER} &
        (${FOR_EVER} &)
        echo ready
        exec ${FOR_EVER}`;
    case "daemonises":
      return `(setsid sh -c 'echo ready; exec ${FOR_EVER}' &); exec ${FOR_EVER}`;
    case "leaves-child":
      return `${FOR_EVER} & echo ready; exit 0`;
    case "prints":
      return `i=1; while [ "$i" -le ${does.lines} ]; do echo "out $i"; echo "err $i" >&2; i=$((i + 1)); done`;
    case "prints-bytes":
      return `printf 'before\\n\\377\\376\\000\\200 bytes\\n\\nafter'`;
    case "prints-long-line":
      return `head -c ${LONG_LINE_BYTES} /dev/zero | tr '\\000' x; echo; echo end`;
    case "floods":
      return `awk 'BEGIN { for (i = 1; i <= ${does.lines}; i++) printf "%0${FLOOD_LINE_BYTES - 1}d\\n", i }'`;
    case "counts":
      return `i=0; while :; do i=$((i + 1)); echo "$i"; sleep 0.01; done`;
    case "talks":
      return handling("USR1", 'n=$((n + 1)); echo "said $n"');
    case "prints-environment":
      return "env";
    case "busy":
      return "echo ready; while :; do :; done";
    case "eats-memory":
      return `x=0123456789abcdef; i=0; while [ "$i" -lt 24 ]; do x=$x$x; i=$((i + 1)); done`;
  }
}

/** The program that shows a behaviour. */
export function program(does: Behaviour, needs: Partial<Pick<Program, "environment" | "memoryLimit">> = {}): Program {
  return { does, script: scriptOf(does), environment: {}, ...needs };
}
