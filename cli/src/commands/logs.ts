import { answer, type LogsQuery } from "@damson/client";
import { type Command, Option } from "commander";
import { contextOf } from "../context.ts";
import { interruptSignal } from "../interrupt.ts";
import { LogPrinter } from "../output/log-printer.ts";
import { lostText } from "../output/lost.ts";
import { note } from "../output/out.ts";
import { wholeNumber } from "./arguments.ts";
import { command } from "./command.ts";

interface LogFlags {
  readonly follow?: boolean;
  readonly tail?: number;
  readonly since?: string;
  readonly instance?: string;
  readonly stream?: "stdout" | "stderr";
}

/** `damson logs` */
export function logsCommand(): Command {
  return command("logs", "Apps", "print what an app wrote")
    .argument("<app>", "name of the app")
    .option("-f, --follow", "go on with what it writes next, until Ctrl-C")
    .option("-n, --tail <lines>", "begin with the last so many lines", wholeNumber)
    .option("--since <when>", "leave out what is older: a duration such as 10m, or an ISO 8601 time")
    .option("--instance <id>", "of one instance only")
    .addOption(new Option("--stream <name>", "one of the two streams only").choices(["stdout", "stderr"]))
    .action(async (app: string, { follow, ...flags }: LogFlags, self: Command) => {
      const context = await contextOf(self);
      const client = context.agent();
      const query: LogsQuery = flags;
      const { replicas } = await answer(client.api.GET("/v1/status/{app}", { params: { path: { app } } }));
      const printer = new LogPrinter({ ...context, prefixed: replicas > 1 && flags.instance === undefined });
      if (!follow) {
        for await (const record of client.logs(app, query)) await printer.print(record);
        return printer.end();
      }
      const signal = interruptSignal();
      const records = client.followLogs(app, query, {
        signal,
        onDisconnect: (reason, retryInMs) => note(lostText(client.url, reason, retryInMs)),
      });
      for await (const record of records) await printer.print(record);
      return printer.end();
    });
}
