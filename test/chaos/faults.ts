import { type AgentClient, answer, type ExitList, type LogRecord } from "@damson/client";
import { type ChaosApp, STOPPED } from "./app.ts";
import { readTruth, type TrueRun, type Truth } from "./truth.ts";

const KEPT_EXITS = 50;
const STREAMS = ["stdout", "stderr"] as const;

type Exit = ExitList["exits"][number];

/**
 * Holds what the agent tells of an app that has ended against what the app wrote down itself.
 *
 * @returns one text for each fault; none when all is true and nothing is missing
 */
export async function faultsOf(app: ChaosApp, client: AgentClient): Promise<string[]> {
  const params = { path: { app: app.name } };
  const status = await answer(client.api.GET("/v1/status/{app}", { params }));
  const { exits } = await answer(client.api.GET("/v1/apps/{app}/exits", { params }));
  const truth = readTruth(app.truthFile);
  const faults = [
    ...truth.faults,
    ...lifeFaults(app, truth),
    // A deleted app takes its exits along.
    ...(app.kind === "passing" ? [] : exitFaults(truth, exits)),
    ...status.instances.flatMap((instance) => restartFaults(app, instance, truth, exits)),
  ];
  const lines = await Array.fromAsync(client.logs(app.name, {}));
  for (const { instance_id } of status.instances) faults.push(...logFaults(instance_id, truth, lines));
  return faults.map((fault) => `${app.name}: ${fault}`);
}

/** What the app did that nobody could have asked of it. */
function lifeFaults({ kind }: ChaosApp, { runs }: Truth): string[] {
  const faults = runs.filter((run) => run.end === undefined).map((run) => `${nameOf(run)} was killed without a word`);
  const [first] = runs;
  if (kind !== "rolling" && kind !== "passing") {
    const strangers = runs.filter((run) => run.instance !== first?.instance);
    faults.push(...strangers.map((run) => `${nameOf(run)}: the app has two instances`));
  }
  if (kind === "finisher") {
    const versions = runs.map((run) => run.version);
    const again = versions.filter((version, index) => versions.indexOf(version) !== index);
    faults.push(...again.map((version) => `version ${version} ran again, although it never restarts`));
  }
  return faults;
}

function exitFaults({ runs }: Truth, exits: readonly Exit[]): string[] {
  const told = new Map(exits.map((exit) => [keyOf(exit.instance_id, exit.run), exit]));
  const oldest = exits[0] && keyOf(exits[0].instance_id, exits[0].run);
  const complete = exits.length < KEPT_EXITS;
  const kept = complete ? runs : runs.slice(runs.findIndex((run) => keyOf(run.instance, run.run) === oldest));
  const known = new Set(runs.map((run) => keyOf(run.instance, run.run)));
  return [
    ...(told.size === exits.length ? [] : ["an exit is reported twice"]),
    ...kept.flatMap((run) => exitFault(run, told.get(keyOf(run.instance, run.run))) ?? []),
    ...exits.filter((exit) => !known.has(keyOf(exit.instance_id, exit.run))).flatMap((exit) => unborn(exit) ?? []),
  ];
}

function exitFault(run: TrueRun, exit: Exit | undefined): string | undefined {
  if (!run.end) return undefined;
  const { code } = run.end;
  if (!exit) return `the exit of ${nameOf(run)} with code ${code} is not reported`;
  const signal = code === 137 ? "SIGKILL" : null;
  if (exit.code !== code || exit.signal !== signal || exit.version !== run.version) {
    return `${nameOf(run)} ended with ${code}; reported: ${JSON.stringify(exit)}`;
  }
  const asked = exit.reason === "stop_requested";
  const own = exit.reason === (signal ? "signal" : "exit") && code !== STOPPED;
  return asked || own ? undefined : `${nameOf(run)} ended with ${code}, and not for ${JSON.stringify(exit)}`;
}

/** An app that is stopped before its first line leaves no word of its own. */
function unborn(exit: Exit): string | undefined {
  if (exit.reason === "stop_requested" && exit.signal === "SIGTERM") return undefined;
  return `reported, but it never ran: ${JSON.stringify(exit)}`;
}

function restartFaults(
  { kind }: ChaosApp,
  { instance_id, restarts }: { instance_id: string; restarts: number },
  { runs }: Truth,
  exits: readonly Exit[],
): string[] {
  const own = exits.filter((exit) => exit.instance_id === instance_id && exit.reason !== "stop_requested").length;
  const died = runs.filter((run) => run.instance === instance_id && run.end && run.end.code !== STOPPED).length;
  const right = kind === "finisher" ? restarts === 0 : exits.length < KEPT_EXITS ? restarts === own : restarts >= own;
  if (right && restarts <= died) return [];
  return [`${restarts} restarts are told; it died ${died} times by itself, ${own} of them are kept`];
}

/** The first line that is missing, or not in its place, of each stream. */
function logFaults(instance: string, { runs }: Truth, lines: readonly LogRecord[]): string[] {
  return STREAMS.flatMap((stream) => {
    const told = lines.filter((line) => line.instance_id === instance && line.stream === stream);
    const written = runs
      .filter((run) => run.instance === instance)
      .flatMap((run) => Array.from({ length: run.end?.[stream] ?? 0 }, (_, index) => `${run.run} ${index + 1}`));
    const wrong = written.findIndex((text, index) => told[index]?.text !== text);
    if (wrong < 0 && told.length === written.length) return [];
    const place = wrong < 0 ? written.length : wrong;
    return [
      `${instance} wrote ${written.length} lines to ${stream}, ${told.length} are told; ` +
        `line ${place + 1} is "${written[place]}", told as ${JSON.stringify(told.slice(place, place + 2))}`,
    ];
  });
}

function keyOf(instance: string, run: number): string {
  return `${instance}/${run}`;
}

function nameOf({ instance, run, version }: TrueRun): string {
  return `${instance} run ${run} (version ${version})`;
}
