import { once } from "node:events";

/** Writes to stdout, or to stderr, as fast as its reader takes it. */
export async function write(text: string | Uint8Array, name: "stdout" | "stderr" = "stdout"): Promise<void> {
  const stream = process[name];
  if (!stream.write(text)) await once(stream, "drain");
}

/** Writes a line to stdout. */
export function print(text: string): Promise<void> {
  return write(`${text}\n`);
}

/** Writes a line to stderr: what is for the person at the terminal, not for the next program. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** A reader that has gone (`damson logs app | head`) ends the program quietly. */
export function endWhenReaderGoes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0);
      throw error;
    });
  }
}

/** Columns of the terminal that stdout is; `undefined` where it is none, or does not tell. */
export function terminalWidth(): number | undefined {
  const { isTTY, columns } = process.stdout;
  return isTTY && columns > 0 ? columns : undefined;
}
