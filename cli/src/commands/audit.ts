import { answer } from "@damson/client";
import type { Command } from "commander";
import { withController } from "../cluster/with-controller.ts";
import { atLeastOne } from "./arguments.ts";
import { clusterCommand } from "./cluster-command.ts";

interface AuditFlags {
  readonly controller?: string;
  readonly limit?: number;
  readonly since?: string;
  readonly object?: string;
}

/** `damson audit` */
export function auditCommand(): Command {
  return clusterCommand("audit", "show who asked a controller for which changes, and what became of them")
    .option("-n, --limit <number>", "the newest so many (default: 100)", atLeastOne)
    .option("--since <duration>", "only of so long ago, e.g. 1h")
    .option("--object <kind/id>", "only of this object, e.g. nodes/nodeA")
    .action(({ controller: _where, ...query }: AuditFlags, self: Command) =>
      withController(self, async ({ api }, context) => {
        const list = await answer(api.GET("/v1/audit", { params: { query } }));
        const { auditTable } = await import("../output/audit-view.ts");
        await context.show(list, ({ records }) => auditTable(records, context.colors));
      }),
    );
}
