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

/**
 * Handles what is thrown outside any call, in the whole process. A plugin's own stray error makes that plugin `failed`
 * while everything else goes on; any other is a bug of Damson, after which nothing can be trusted: it is logged as fatal
 * and ends the process with exit code 1. Apps outlive that.
 *
 * @returns what takes the handlers away again.
 */
export function containStrayErrors({ host, log, exit = process.exit }: StrayErrorOptions): () => void {
  const handle = (error: unknown): void => {
    const id = currentPlugin() ?? host.ownerOf(error);
    if (id === undefined) {
      log.fatal({ err: error }, "an error that nothing handles ends this process");
      log.flush();
      exit(1);
      return;
    }
    log.error({ err: error, plugin: id }, `${id} threw outside any call`);
    void host.fail(id, error);
  };
  process.on("unhandledRejection", handle);
  process.on("uncaughtException", handle);
  return () => {
    process.off("unhandledRejection", handle);
    process.off("uncaughtException", handle);
  };
}
