import { type Static, type TString, Type } from "typebox";

/** What an app name looks like: it becomes part of paths, unit names and DNS labels. */
export const APP_NAME_PATTERN = "^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$";

/** What a version looks like: it becomes part of paths and labels. */
export const VERSION_PATTERN = "^[A-Za-z0-9]([A-Za-z0-9._+-]{0,126}[A-Za-z0-9])?$";

/** Names that mean something to JavaScript or to Damson's own layout on disk, and so are refused as app names. */
export const RESERVED_NAMES: readonly string[] = ["__proto__", "constructor", "prototype", "con", "nul", "aux", "prn"];

/** Schema of an app name. */
export const AppName: TString = Type.String({
  pattern: APP_NAME_PATTERN,
  description:
    "Lower-case letters, digits, '.', '_' and '-'; 1 to 63 characters; starts and ends with a letter or digit.",
});
export type AppName = Static<typeof AppName>;

/** Schema of a version. */
export const Version: TString = Type.String({
  pattern: VERSION_PATTERN,
  description: "Letters, digits, '.', '_', '+' and '-'; 1 to 128 characters; starts and ends with a letter or digit.",
});
export type Version = Static<typeof Version>;

/** Whether `name` can be the name of an app. */
export function isAppName(name: string): boolean {
  return new RegExp(APP_NAME_PATTERN).test(name) && !RESERVED_NAMES.includes(name) && !name.includes("..");
}

/** Whether `version` can be the version of an app. */
export function isVersion(version: string): boolean {
  return new RegExp(VERSION_PATTERN).test(version) && !version.includes("..");
}
