import { execFile } from "node:child_process";
import { mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

const CLONE = fileURLToPath(new URL("../../..", import.meta.url));

/** The command as it is in the clone: it runs the TypeScript sources. */
export const FROM_SOURCES = join(CLONE, "cli/bin/damson.js");

interface Packed {
  readonly name: string;
  readonly filename: string;
}

/**
 * Damson as `npm install damson` brings it: every package built, packed and unpacked. What they depend on is linked from
 * the clone. Returns the path of the command.
 */
export async function install(directory: string): Promise<string> {
  const modules = join(directory, "node_modules");
  await mkdir(modules, { recursive: true });
  await run("npm", ["run", "build"], { cwd: CLONE });
  const { stdout } = await run("npm", ["pack", "--workspaces", "--json", "--pack-destination", directory], {
    cwd: CLONE,
  });
  for (const { name, filename } of packedOf(stdout)) {
    const target = join(modules, name);
    await mkdir(target, { recursive: true });
    await run("tar", ["-xzf", join(directory, filename), "-C", target, "--strip-components=1"]);
  }
  for (const name of await readdir(join(CLONE, "node_modules"))) {
    if (name.startsWith(".") || name === "@damson" || name === "damson") continue;
    await symlink(join(CLONE, "node_modules", name), join(modules, name));
  }
  return join(modules, "damson/bin/damson.js");
}

function packedOf(json: string): readonly Packed[] {
  const packed: readonly Packed[] | Readonly<Record<string, Packed>> = JSON.parse(json);
  return Object.values(packed);
}
