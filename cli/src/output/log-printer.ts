import type { LogRecord } from "@damson/client";
import type { Colors } from "./colors.ts";
import { size } from "./human.ts";
import { note, write } from "./out.ts";

/** How to print log lines. */
export interface LogPrinterOptions {
  /** One JSON document a line, as the agent sends them. */
  readonly json: boolean;
  readonly colors: Colors;
  /** Put the instance before each line. */
  readonly prefixed: boolean;
}

/** Prints log lines as the app wrote them: bytes stay what they were, and a line that came in parts is one line. */
export class LogPrinter {
  readonly #options: LogPrinterOptions;
  /** Instance and stream of the line that is not ended yet. */
  #open: string | undefined;

  constructor(options: LogPrinterOptions) {
    this.#options = options;
  }

  async print(record: LogRecord): Promise<void> {
    const { json, colors, prefixed } = this.#options;
    if (json) return write(`${JSON.stringify(record)}\n`);
    if (record.skipped === null) note(`(some of ${record.instance_id} may have been dropped to keep within the limit)`);
    if (record.skipped)
      note(`(${size(record.skipped)} of ${record.instance_id} dropped to keep within the limit on disk)`);
    const source = `${record.instance_id} ${record.stream}`;
    if (this.#open !== undefined && this.#open !== source) await this.end();
    if (prefixed && this.#open === undefined) await write(`${colors.cyan(record.instance_id)} `);
    await write(record.base64 === undefined ? record.text : Buffer.from(record.base64, "base64"));
    this.#open = source;
    if (!record.partial) await this.end();
  }

  /** Ends a line that is not ended yet. */
  async end(): Promise<void> {
    if (this.#open === undefined) return;
    this.#open = undefined;
    await write("\n");
  }
}
