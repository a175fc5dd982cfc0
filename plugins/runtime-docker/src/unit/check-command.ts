import { DamsonError } from "@damson/plugin-sdk";
import { isRefusal } from "../engine/answers.ts";
import type { Engine } from "../engine/engine.ts";
import type { ContainerSpec } from "../spec/container.ts";

/** Where programs are found in an image that does not say. */
const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * Looks for the program in a container that was made and not started. The container's first process is an init, which would
 * start, and fail to find the program only later: that would look like the program's own end.
 *
 * @throws DamsonError `COMMAND_NOT_FOUND` (422)
 */
export async function checkCommand(engine: Engine, id: string, spec: ContainerSpec): Promise<void> {
  const program = spec.command?.[0];
  if (program === undefined || spec.init === false || (await hasProgram(engine, id, program))) return;
  throw new DamsonError("COMMAND_NOT_FOUND", `"${program}" is not in the image ${spec.image}`, {
    status: 422,
    remedy: "Give the path of a program that is in the image or in a volume.",
    issues: [{ path: "pkg.command[0]", message: `"${program}" was not found` }],
  });
}

/** Where to look for a program, in place of what the container says. */
export interface ProgramPlaces {
  /** Folders, separated by colons. */
  readonly path?: string | undefined;
  readonly workingDir?: string | undefined;
}

/** Whether a container has this program: at its path, or in one of the folders of PATH. */
export async function hasProgram(
  engine: Engine,
  id: string,
  program: string,
  { path, workingDir }: ProgramPlaces = {},
): Promise<boolean> {
  if (program.startsWith("/")) return exists(engine, id, program);
  const { Config } = await engine.call("about a container", (docker, abortSignal) =>
    docker.getContainer(id).inspect({ abortSignal }),
  );
  const own = Config.Env?.find((entry) => entry.startsWith("PATH="))?.slice("PATH=".length);
  const folders = program.includes("/") ? [workingDir ?? Config.WorkingDir] : (path ?? own ?? DEFAULT_PATH).split(":");
  for (const folder of folders) if (await exists(engine, id, `${folder}/${program}`)) return true;
  return false;
}

async function exists(engine: Engine, id: string, path: string): Promise<boolean> {
  try {
    const answer = await engine.call("about a file", (docker, abortSignal) =>
      docker.getContainer(id).infoArchive({ path, abortSignal }),
    );
    // All is in its headers, but an answer that is not read to its end holds its connection.
    answer.resume();
    return true;
  } catch (error) {
    if (isRefusal(error, 404)) return false;
    // What else is wrong, e.g. with a volume, shows at the start.
    if (isRefusal(error)) return true;
    throw error;
  }
}
