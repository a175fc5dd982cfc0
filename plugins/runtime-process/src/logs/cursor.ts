import { DamsonError, type LogStream } from "@damson/plugin-sdk";

/** How far each stream was read, in bytes. */
export type LogOffsets = Readonly<Record<LogStream, number>>;

/** The cursor that stands for these offsets. */
export function cursorOf({ stdout, stderr }: LogOffsets): string {
  return `o${stdout.toString(36)}e${stderr.toString(36)}`;
}

/** @throws DamsonError `LOG_CURSOR_INVALID` (400) when it is not one that {@link cursorOf} made. */
export function parseCursor(cursor: string): LogOffsets {
  const match = /^o([0-9a-z]{1,11})e([0-9a-z]{1,11})$/.exec(cursor);
  const [stdout, stderr] = [match?.[1], match?.[2]].map((digits) => Number.parseInt(digits ?? "", 36));
  if (stdout !== undefined && stderr !== undefined && Number.isSafeInteger(stdout) && Number.isSafeInteger(stderr)) {
    return { stdout, stderr };
  }
  throw new DamsonError("LOG_CURSOR_INVALID", `"${cursor.slice(0, 40)}" is not a cursor of these logs`, {
    status: 400,
    remedy: "Use the cursor of a line as it was given.",
  });
}
