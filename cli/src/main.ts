import { CommanderError } from "commander";
import { EXIT } from "./exit-codes.ts";
import { colorsFor } from "./output/colors.ts";
import { endWhenReaderGoes, note } from "./output/out.ts";
import { damsonProgram } from "./program.ts";
import { renderReport, reportOf } from "./report.ts";

/** Runs `damson` with these arguments; what it comes to is in `process.exitCode`. */
export async function main(argv: readonly string[]): Promise<void> {
  endWhenReaderGoes();
  try {
    await damsonProgram().parseAsync([...argv]);
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      // commander has said what is wrong, or printed the help that was asked for.
      process.exitCode = thrown.exitCode === 0 ? EXIT.ok : EXIT.usage;
      return;
    }
    const { code, exitCode, issues, message, remedy, request_id } = await reportOf(thrown);
    process.exitCode = exitCode;
    const report = { code, message, issues, remedy, request_id, exitCode };
    // What comes after `--` belongs to the command that `exec` runs.
    const own = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
    const asJson = own.includes("--json");
    note(
      asJson ? JSON.stringify(report) : renderReport(report, colorsFor(process.stderr, !own.includes("--no-color"))),
    );
  }
}
