import { DamsonError, type LogStream } from "@damson/plugin-sdk";
import type { Moment } from "./moment.ts";

/** How far one stream of a container was read: up to the `count`th line of this moment. */
export interface StreamPosition {
  readonly moment: Moment;
  readonly count: number;
}

/** How far the logs of an instance were read: the run, and where in each stream of its container. */
export interface LogPosition extends Readonly<Partial<Record<LogStream, StreamPosition>>> {
  readonly run: number;
}

/** The position before all lines of a moment, in both streams. */
export function positionBefore(run: number, moment: Moment): LogPosition {
  const position = { moment, count: 0 };
  return { run, stdout: position, stderr: position };
}

/** Some engines note whole seconds: as many lines of one second can be told apart. */
const MOST_OF_MOMENT = 36 ** 6 - 1;

/** The letters between the numbers are no digits of base 36. */
const PATTERN = /^R([0-9a-z]{1,8})(?:O([0-9a-z]{13})([0-9a-z]{1,6}))?(?:E([0-9a-z]{13})([0-9a-z]{1,6}))?$/;

/** The cursor that stands for a position. */
export function cursorOf({ run, stdout, stderr }: LogPosition): string {
  return `R${run.toString(36)}${part("O", stdout)}${part("E", stderr)}`;
}

function part(letter: string, position: StreamPosition | undefined): string {
  return position ? letter + position.moment + Math.min(position.count, MOST_OF_MOMENT).toString(36) : "";
}

/** @throws DamsonError `LOG_CURSOR_INVALID` (400) when it is not one that {@link cursorOf} made. */
export function parseCursor(cursor: string): LogPosition {
  const match = PATTERN.exec(cursor);
  if (!match) {
    throw new DamsonError("LOG_CURSOR_INVALID", `"${cursor.slice(0, 40)}" is not a cursor of these logs`, {
      status: 400,
      remedy: "Use the cursor of a line as it was given.",
    });
  }
  const [, run = "", stdout, stdoutCount = "", stderr, stderrCount = ""] = match;
  return {
    run: Number.parseInt(run, 36),
    ...(stdout === undefined ? {} : { stdout: { moment: stdout, count: Number.parseInt(stdoutCount, 36) } }),
    ...(stderr === undefined ? {} : { stderr: { moment: stderr, count: Number.parseInt(stderrCount, 36) } }),
  };
}
