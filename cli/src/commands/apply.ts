import { ProblemError } from "@damson/client";
import { type Command, Option } from "commander";
import { applyDocument } from "../apply/apply-document.ts";
import { documentError } from "../apply/document-error.ts";
import { expectKind } from "../apply/document-kind.ts";
import { type ApplyDocument, readDocuments } from "../apply/documents.ts";
import { lastLines } from "../apply/failure-log.ts";
import { resolvePaths } from "../apply/relative-paths.ts";
import { setValues } from "../apply/set-values.ts";
import { type Context, contextOf } from "../context.ts";
import { note, print } from "../output/out.ts";
import { plain } from "../output/plain.ts";
import { withProgress } from "../output/progress.ts";
import { readTimeout, SLACK_MS } from "../timeout.ts";
import { renderAnswer } from "./app-action.ts";
import { collect } from "./arguments.ts";
import { command } from "./command.ts";

interface ApplyFlags {
  readonly file: readonly string[];
  readonly set?: readonly string[];
  readonly wait?: "running" | "healthy";
  readonly timeout?: string;
}

/** `damson apply` */
export function applyCommand(): Command {
  return command("apply", "Apps", "declare apps, so that the agent keeps them running")
    .addOption(
      new Option("-f, --file <file>", "YAML or JSON, one or more documents; - reads stdin; may be repeated")
        .argParser(collect)
        .makeOptionMandatory(),
    )
    .option("--set <path=value>", "change a value of every document, e.g. pkg.replicas=2; may be repeated", collect)
    .addOption(
      new Option("--wait [state]", "return when every instance is so")
        .choices(["running", "healthy"])
        .preset("healthy"),
    )
    .option("--timeout <duration>", "longest wait for each document (default: 30s)")
    .addHelpText("after", "\nRelative pkg.working_dir and pkg.path are taken from the folder of the file.")
    .action(async (flags: ApplyFlags, self: Command) => {
      const context = await contextOf(self);
      const documents: ApplyDocument[] = [];
      for (const file of flags.file) documents.push(...(await readDocuments(file)));
      for (const document of documents) {
        const { value, folder } = document;
        expectKind("app", document);
        await setValues(value, flags.set ?? []);
        resolvePaths(value, folder);
      }
      for (const [at, document] of documents.entries()) {
        try {
          await applyOne(context, document, flags);
        } catch (thrown) {
          throw documents.length > 1 ? await documentError(thrown, documents, at) : thrown;
        }
      }
    });
}

async function applyOne(context: Context, { value }: ApplyDocument, { wait, timeout }: ApplyFlags): Promise<void> {
  const { ms } = await readTimeout(timeout);
  const client = context.agent({ timeoutMs: ms + SLACK_MS });
  const app = String(value.app);
  try {
    const done = await withProgress(`applying ${app}`, context.json, (progress) =>
      applyDocument(client, value, { wait, timeout, progress }),
    );
    await print(context.json ? JSON.stringify(done) : renderAnswer(done, context));
    if (!context.json) for (const warning of done.warnings ?? []) note(`warning: ${plain(warning)}`);
  } catch (thrown) {
    const started = thrown instanceof ProblemError && ["APP_FAILED", "WAIT_TIMEOUT"].includes(thrown.problem.code);
    if (started && !context.json) {
      const lines = await lastLines(client, app, context.colors);
      if (lines !== "") note(lines);
    }
    throw thrown;
  }
}
