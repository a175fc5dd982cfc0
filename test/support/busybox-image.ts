import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "./engine.ts";
import { findProgram } from "./require-or-skip.ts";
import { runProgram } from "./run-program.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** An image of a statically linked busybox, its programs in /bin; see {@link ensureBusybox}. */
export const BUSYBOX = "testbed/busybox:1";

/** Makes {@link BUSYBOX} from this machine's busybox where the engine lacks it: nothing is pulled. */
export async function ensureBusybox(engine: Engine): Promise<void> {
  if ((await engine.docker("images", "--quiet", BUSYBOX)) !== "") return;
  const root = temporaryDirectory();
  try {
    await fill(root);
    const tar = spawn("tar", ["-C", root, "-c", "."], { stdio: ["ignore", "pipe", "ignore"] });
    await engine.run(["import", "--change", 'CMD ["/bin/sh"]', "-", BUSYBOX], { input: tar.stdout });
  } finally {
    rmSync(root, { recursive: true });
  }
}

async function fill(root: string): Promise<void> {
  const busybox = findProgram("busybox");
  if (!busybox) throw new Error("there is no busybox (Debian: busybox-static)");
  for (const directory of ["bin", "etc", "tmp"]) mkdirSync(join(root, directory));
  copyFileSync(busybox, join(root, "bin/busybox"));
  const { stdout } = await runProgram(busybox, ["--list"]);
  const others = stdout.split("\n").filter((name) => name !== "" && name !== "busybox");
  for (const name of others) symlinkSync("busybox", join(root, "bin", name));
  writeFileSync(join(root, "etc/passwd"), "root:x:0:0:root:/:/bin/sh\n");
}
