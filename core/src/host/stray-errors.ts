import type { Logger } from "pino";
import { currentPlugin } from "./attribution.ts";
import type { PluginHost } from "./host.ts";

/** What {@link containStrayErrors} acts on. */
export interface StrayErrorOptions {
  readonly host: Pick<PluginHost, "fail" | "ownerOf">;
  readonly log: Logger;
  /** Ends the process after an error that is no plugin's. @default process.exit */
  readonly exit?: (code: number) => void;
}

/** Several servers may run in one process, each with a host of its own. */
const contained = new Set<StrayErrorOptions>();

/**
 * Handles what is thrown outside any call, in the whole process. A plugin's own stray error makes that plugin `failed`
 * while everything else goes on; any other is a bug of Damson, after which nothing can be trusted: it is logged as fatal
 * and ends the process with exit code 1. Apps outlive that.
 *
 * @returns what lets go of the host again.
 */
export function containStrayErrors(options: StrayErrorOptions): () => void {
  if (contained.size === 0) {
    process.on("unhandledRejection", handle);
    process.on("uncaughtException", handle);
  }
  contained.add(options);
  return () => {
    contained.delete(options);
    if (contained.size > 0) return;
    process.off("unhandledRejection", handle);
    process.off("uncaughtException", handle);
  };
}

function handle(error: unknown): void {
  const current = currentPlugin();
  const owners = [...contained].flatMap(({ host, log }) => {
    const id = current ?? host.ownerOf(error);
    return id === undefined ? [] : [{ host, log, id }];
  });
  for (const { host, id, log } of owners) {
    log.error({ err: error, plugin: id }, `${id} threw outside any call`);
    // A host that has no such plugin does nothing.
    void host.fail(id, error);
  }
  const [first] = contained;
  if (owners.length > 0 || !first) return;
  const { exit = process.exit, log } = first;
  log.fatal({ err: error }, "an error that nothing handles ends this process");
  log.flush();
  exit(1);
}
