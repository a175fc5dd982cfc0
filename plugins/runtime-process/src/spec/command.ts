import { accessSync, constants, statSync } from "node:fs";
import { delimiter, resolve } from "node:path";
import { DamsonError } from "@damson/plugin-sdk";

/** A command to look up. */
export interface Lookup {
  readonly command: string;
  /** What a relative path is relative to. */
  readonly directory: string;
  /** The app's PATH. */
  readonly path: string;
  /** How that directory is called in messages. @default by its path */
  readonly called?: string;
  /** Where the command stands in the spec, e.g. `pkg.command[0]`. */
  readonly place: string;
}

/**
 * The path of an executable file, found as a shell would find it.
 *
 * @throws DamsonError `COMMAND_NOT_FOUND` or `COMMAND_NOT_EXECUTABLE` (422).
 */
export function findCommand({ command, directory, path, place, called }: Lookup): string {
  const candidates = command.includes("/")
    ? [resolve(directory, command)]
    : path
        .split(delimiter)
        .filter((entry) => command !== "" && entry.startsWith("/"))
        .map((entry) => resolve(entry, command));
  const files = candidates.filter(isFile);
  const executable = files.find(isExecutable);
  if (executable) return executable;
  if (files[0]) {
    throw new DamsonError("COMMAND_NOT_EXECUTABLE", `${files[0]} is not executable`, {
      status: 422,
      remedy: `Make it executable: chmod +x ${files[0]}`,
      issues: [{ path: place, message: `"${command}" is not executable` }],
    });
  }
  const isLocal = called !== undefined && !command.startsWith("/");
  const file = isLocal ? `"${command}" in ${called}` : candidates[0];
  const found = command.includes("/") ? `there is no file ${file}` : `"${command}" is not in PATH (${path})`;
  throw new DamsonError("COMMAND_NOT_FOUND", found, {
    status: 422,
    remedy: `Give the absolute path of a program that is on this machine${isLocal ? `, or one in ${called}` : ""}.`,
    issues: [{ path: place, message: `"${command}" was not found` }],
  });
}

/** @throws DamsonError `WORKING_DIR_MISSING` (422) when it is not a directory. */
export function checkWorkingDir(directory: string): void {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new DamsonError("WORKING_DIR_MISSING", `the working directory ${directory} is not there, or is no directory`, {
    status: 422,
    remedy: "Create it, or name one that exists.",
    issues: [{ path: "pkg.working_dir", message: `"${directory}" is not a directory` }],
  });
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Whether the agent may execute this file. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
