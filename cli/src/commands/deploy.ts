import type { ControllerClient } from "@damson/client";
import { type Command, Option } from "commander";
import { documentError } from "../apply/document-error.ts";
import { expectKind } from "../apply/document-kind.ts";
import { type ApplyDocument, readDocuments } from "../apply/documents.ts";
import { setValues } from "../apply/set-values.ts";
import { addSettleFlags, type SettleFlags, settle } from "../cluster/settle.ts";
import { controllerError, withController } from "../cluster/with-controller.ts";
import type { Context } from "../context.ts";
import { declareDeployment } from "../deploy/declare-deployment.ts";
import { resolveFiles } from "../deploy/local-files.ts";
import { withProgress } from "../output/progress.ts";
import { collect } from "./arguments.ts";
import { clusterCommand } from "./cluster-command.ts";

interface DeployFlags extends SettleFlags {
  readonly file: readonly string[];
  readonly set?: readonly string[];
}

const HELP = `
A deployment has a name and entries, each with \`spec\` (an apply document, or the path of one), \`artifactUrl\`, or
\`artifact\` (a zip file of this machine, which is uploaded). Relative paths are taken from the folder of the file.`;

/** `damson deploy` */
export function deployCommand(): Command {
  const self = clusterCommand("deploy", "declare deployments, so that a controller keeps them running on its nodes")
    .addOption(
      new Option("-f, --file <file>", "YAML or JSON, one or more documents; - reads stdin; may be repeated")
        .argParser(collect)
        .makeOptionMandatory(),
    )
    .option("--set <path=value>", "change a value of every document, e.g. replicas=2; may be repeated", collect);
  return addSettleFlags(self)
    .addHelpText("after", HELP)
    .action((flags: DeployFlags, called: Command) =>
      withController(called, async (client, context) => {
        const documents: ApplyDocument[] = [];
        for (const file of flags.file) documents.push(...(await readDocuments(file, "name and entries")));
        for (const document of documents) {
          expectKind("deployment", document);
          await setValues(document.value, flags.set ?? []);
        }
        for (const [at, document] of documents.entries()) {
          try {
            await deployOne(client, context, document, flags);
          } catch (thrown) {
            const told = controllerError(thrown);
            throw documents.length > 1 ? await documentError(told, documents, at) : told;
          }
        }
      }),
    );
}

async function deployOne(
  client: ControllerClient,
  context: Context,
  { folder, value }: ApplyDocument,
  flags: SettleFlags,
): Promise<void> {
  await resolveFiles(client, value, folder, context.json);
  const name = String(value.name);
  const done = await withProgress(`deploying ${name}`, context.json, () => declareDeployment(client, value));
  const instances = `${done.instances.length} ${done.instances.length === 1 ? "instance" : "instances"}`;
  const state = flags.wait ? flags.wait : done.changed ? "declared" : "unchanged";
  await settle(client, context, { name, done, text: `version ${done.version}, ${instances}, ${state}` }, flags);
}
