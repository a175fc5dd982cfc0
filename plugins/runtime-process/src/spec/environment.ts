import type { Instance } from "@damson/plugin-sdk";
import { MARKER } from "../process/snapshot.ts";
import type { ProcessPackage } from "./package-schema.ts";

/** Where programs are looked for, unless the spec sets PATH. */
export const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * The whole environment of an app: PATH, HOME, LANG, TZ when the agent has one, what the spec declares, and the injected
 * names. The agent's own environment may hold secrets, and is not passed on. By `marker` the processes are found again.
 */
export function environmentOf(
  instance: Instance,
  pkg: ProcessPackage,
  home: string,
  marker: string,
): Record<string, string> {
  const { LANG, TZ } = process.env;
  return {
    PATH: DEFAULT_PATH,
    HOME: home,
    LANG: LANG ?? "C.UTF-8",
    ...(TZ === undefined ? {} : { TZ }),
    ...pkg.environment,
    ...instance.environment,
    [MARKER]: marker,
  };
}
