/**
 * Puts into build/image what an image of Damson holds: the packages as they are published, and what they depend on, at the
 * versions of the lock file. Nothing of it needs a build or a registry afterwards.
 */
import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const TARGET = join("build", "image");

const root = JSON.parse(readFileSync("package.json", "utf8"));
const packages = root.workspaces.flatMap((pattern: string) => globSync(join(pattern, "package.json")).map(dirname));

rmSync(TARGET, { recursive: true, force: true });
mkdirSync(TARGET, { recursive: true });
cpSync("package-lock.json", join(TARGET, "package-lock.json"));
// Its own development tools are not wanted, and the scripts that use them could not run.
writeFileSync(join(TARGET, "package.json"), JSON.stringify({ ...root, scripts: {} }, undefined, 2));
for (const folder of packages) {
  const [published] = JSON.parse(npm(["pack", "--dry-run", "--json", "--ignore-scripts"], folder));
  for (const { path } of published.files) cpSync(join(folder, path), join(TARGET, folder, path));
}
npm(["ci", "--omit=dev", "--omit=optional", "--omit=peer", "--ignore-scripts", "--no-audit", "--no-fund"], TARGET);
process.stdout.write(`${TARGET} holds ${packages.length} packages and what they depend on\n`);

function npm(words: readonly string[], cwd: string): string {
  return execFileSync("npm", [...words], { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}
