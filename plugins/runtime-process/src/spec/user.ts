import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { DamsonError } from "@damson/plugin-sdk";
import { findCommand } from "./command.ts";
import { DEFAULT_PATH } from "./environment.ts";

/** Who an app runs as. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  /** What is put before the command to become that user; empty for the agent's own. */
  readonly prefix: readonly string[];
}

const SETPRIV_MS = 5_000;

/** The `setpriv` of this machine; `undefined` where users cannot be changed. */
export function findSetpriv(): string | undefined {
  if (process.getuid?.() !== 0) return undefined;
  try {
    return findCommand({ command: "setpriv", directory: "/", path: DEFAULT_PATH, place: "" });
  } catch {
    return undefined;
  }
}

/**
 * Who `pkg.user` is.
 *
 * @throws DamsonError `USER_UNKNOWN` or `USER_NOT_PERMITTED` (422).
 */
export async function runAs(user: string | undefined, setpriv: string | undefined): Promise<RunAs> {
  const own = userInfo();
  if (user === undefined) return { uid: own.uid, gid: own.gid, home: own.homedir, prefix: [] };
  const entry = await passwdEntry(user);
  if (!entry) {
    throw new DamsonError("USER_UNKNOWN", `there is no user "${user}" on this machine`, {
      status: 422,
      remedy: "Create the user, name another one, or leave out user.",
      issues: [{ path: "pkg.user", message: `"${user}" is not a user` }],
    });
  }
  if (entry.uid === own.uid) return { ...entry, prefix: [] };
  if (!setpriv) {
    throw new DamsonError("USER_NOT_PERMITTED", `the agent cannot run apps as "${user}"`, {
      status: 422,
      remedy: "Run the agent as root, with setpriv (util-linux) installed, or leave out user.",
      issues: [{ path: "pkg.user", message: "needs an agent run by root, and setpriv" }],
    });
  }
  return { ...entry, prefix: [setpriv, `--reuid=${entry.uid}`, `--regid=${entry.gid}`, "--init-groups", "--"] };
}

/**
 * Checks by trying it that a user can enter a directory and execute a file.
 *
 * @throws DamsonError `USER_CANNOT_REACH` (422).
 */
export async function checkReach({ prefix }: RunAs, user: string, directory: string, command: string): Promise<void> {
  const [setpriv, ...become] = prefix;
  if (!setpriv) return;
  const test = ["/bin/sh", "-c", 'cd "$1" && test -x "$2"', "sh", directory, command];
  const { execa } = await import("execa");
  const { exitCode } = await execa(setpriv, [...become, ...test], { reject: false, timeout: SETPRIV_MS, env: {} });
  if (exitCode === 0) return;
  throw new DamsonError("USER_CANNOT_REACH", `the user "${user}" cannot run ${command} in ${directory}`, {
    status: 422,
    remedy: "Give that user the permission to enter the directories on the way (o+x) and to execute the file.",
    issues: [{ path: "pkg.user", message: `"${user}" cannot run ${command}` }],
  });
}

async function passwdEntry(user: string): Promise<{ uid: number; gid: number; home: string } | undefined> {
  const column = /^[0-9]+$/.test(user) ? 2 : 0;
  const local = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((line) => line.split(":")[column] === user);
  const line = local ?? (await fromDirectoryService(user));
  const [, , uid, gid, , home] = (line ?? "").split(":");
  return uid && gid ? { uid: Number(uid), gid: Number(gid), home: home || "/" } : undefined;
}

/** Loads execa when it is needed: few apps have a user, and it would make every start of an agent longer. */
async function fromDirectoryService(user: string): Promise<string | undefined> {
  const { execa } = await import("execa");
  return (await execa("getent", ["passwd", user], { reject: false, timeout: SETPRIV_MS })).stdout;
}
