import { existsSync } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { DamsonError, errorText, hasCode } from "@damson/plugin-sdk";

/**
 * Makes the directory that holds all state of an agent or a controller, where it is missing.
 *
 * @param flag What names another directory, for the error.
 * @throws DamsonError `WORK_DIR_UNUSABLE`.
 */
export async function makeWorkDir(workDir: string, flag = "--work-dir (DAMSON_WORK_DIR)"): Promise<void> {
  try {
    await makeDirectory(resolve(workDir));
  } catch (thrown) {
    throw new DamsonError("WORK_DIR_UNUSABLE", `${workDir} cannot be made: ${errorText(thrown)}`, {
      remedy: `Choose another with ${flag}, in a folder that this user may write in.`,
      cause: thrown,
    });
  }
}

/**
 * Node's own recursive mkdir never ends where an existing folder answers that it is not there, as /proc does.
 *
 * The directory is passable, not readable: an app that runs as another user has to reach its own directory in it.
 */
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o711 });
  } catch (thrown) {
    if ((await stat(path).catch(() => undefined))?.isDirectory()) return;
    const parent = dirname(path);
    if (!hasCode(thrown, "ENOENT") || existsSync(parent)) throw thrown;
    await makeDirectory(parent);
    await mkdir(path, { mode: 0o711 });
  }
}
