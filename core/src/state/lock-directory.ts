import { chmod, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DamsonError, errorText, isDamsonError } from "@damson/plugin-sdk";
import { DurableDirectory } from "./durable-directory.ts";

const FACTS_FILE = "lock.json";
const SQLITE_BUSY = 5;

/** What the holder of a lock says about itself, for whoever is refused. */
export interface LockFacts {
  readonly agentId?: string;
  /** Where it answers, e.g. `http://127.0.0.1:8081`. */
  readonly address?: string;
}

/** A lock that is held. It ends with the process, however that ends. */
export interface DirectoryLock {
  /** Replaces the facts, once more of them are known. On a full disk there are none. */
  describe(facts: LockFacts): Promise<void>;
  /** Lets another process have the directory. */
  release(): Promise<void>;
}

/**
 * Takes `directory` for this process alone, and makes it where it is missing.
 *
 * The lock is an exclusive SQLite transaction on `lock.db`, which is a POSIX lock of the kernel: it is gone the moment the
 * process is, even after SIGKILL, so that nothing stale must be judged; it holds between containers that share the file
 * system, where a pid in a file would mean nothing; and it is not inherited by the apps that an agent starts. Node has no
 * other way to such a lock without native code. `lock.json` only tells people who holds it.
 *
 * @throws DamsonError `WORK_DIR_LOCKED` (409) naming the holder, `WORK_DIR_UNUSABLE` (500) when it cannot be locked for
 *   another reason, `STATE_WRITE_FAILED` when the directory cannot be written; a full disk is no hindrance.
 */
export async function lockDirectory(directory: string, facts: LockFacts = {}): Promise<DirectoryLock> {
  const place = await DurableDirectory.open(directory);
  const since = new Date().toISOString();
  let database: DatabaseSync | undefined;
  const describe = async (more: LockFacts) => {
    try {
      await place.write(FACTS_FILE, JSON.stringify({ pid: process.pid, host: hostname(), since, ...more }));
    } catch (error) {
      // Only people read them. A full disk must not keep an agent from taking over the apps of one that died; what that
      // one said of itself is no longer true.
      if (!isDamsonError(error) || error.status !== 507) throw error;
      await place.remove(FACTS_FILE);
    }
  };
  try {
    database = await takeLock(place.path);
    await describe(facts);
  } catch (error) {
    database?.close();
    await place.close();
    throw error;
  }
  const held = database;
  const release = async () => {
    await place.remove(FACTS_FILE);
    held.close();
    await place.close();
  };
  return { describe, release };
}

async function takeLock(directory: string): Promise<DatabaseSync> {
  const file = join(directory, "lock.db");
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 0 });
    // The journal stays in memory, since nothing is ever written.
    database.exec("PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE");
    // SQLite leaves it to the umask. To open and close the file here would let go of the lock.
    await chmod(file, 0o600);
    return database;
  } catch (error) {
    database?.close();
    if (resultCode(error) === SQLITE_BUSY) throw await locked(directory);
    throw new DamsonError("WORK_DIR_UNUSABLE", `Cannot lock ${file}: ${errorText(error)}`, {
      remedy: `Check that this user may write in ${directory}. If ${file} is not a lock file, move it away.`,
      cause: error,
    });
  }
}

/** SQLite's primary result code: the low byte of the extended one. */
function resultCode(error: unknown): number | undefined {
  return error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : undefined;
}

async function locked(directory: string): Promise<DamsonError> {
  return new DamsonError("WORK_DIR_LOCKED", `${directory} is in use by ${await holder(directory)}`, {
    status: 409,
    remedy:
      "Stop that one first, or give this one a directory of its own: --work-dir of an agent, --data-dir of a controller.",
  });
}

async function holder(directory: string): Promise<string> {
  const facts = await readFacts(directory);
  const one = facts.agentId ? `agent "${facts.agentId}"` : "another process";
  const details = [
    facts.pid && `pid ${facts.pid}`,
    facts.host && `on ${facts.host}`,
    facts.address && `at ${facts.address}`,
    facts.since && `since ${facts.since}`,
  ].filter(Boolean);
  return details.length > 0 ? `${one} (${details.join(", ")})` : one;
}

async function readFacts(directory: string): Promise<Record<string, unknown>> {
  try {
    return Object(JSON.parse(await readFile(join(directory, FACTS_FILE), "utf8")));
  } catch {
    // The holder may not have written it yet, and a clear refusal does not hang on it.
    return {};
  }
}
