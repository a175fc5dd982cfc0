import { spawnSync } from "node:child_process";

/** Size of a terminal in characters. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** The size of the terminal that stdout is; `undefined` when it is none, or knows no size. */
export function terminalSize(): Size | undefined {
  const { isTTY, columns, rows } = process.stdout;
  return isTTY && columns > 0 && rows > 0 ? { columns, rows } : undefined;
}

/** Tells of each new size, until that is disposed of. */
export function onResize(listener: (size: Size) => void): Disposable {
  const tell = (): void => {
    const size = terminalSize();
    if (size) listener(size);
  };
  process.stdout.on("resize", tell);
  return { [Symbol.dispose]: () => process.stdout.off("resize", tell) };
}

/**
 * Lets every key through to the command, Ctrl-C too, until that is disposed of or this program ends, in whatever way it
 * can notice.
 */
export function rawTerminal(): Disposable {
  const restore = (): void => {
    process.stdin.setRawMode(false);
  };
  process.stdin.setRawMode(true);
  // Node still turns every line feed into two characters, which the command's own terminal has done already.
  spawnSync("stty", ["-opost"], { stdio: ["inherit", "ignore", "ignore"] });
  process.once("exit", restore);
  return {
    [Symbol.dispose]() {
      process.off("exit", restore);
      restore();
    },
  };
}
