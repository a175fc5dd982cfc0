import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "./temporary-directory.ts";

/** A small file system of its own, which can be filled. Making one takes root. */
export class SmallDisk {
  readonly directory = temporaryDirectory();
  readonly #size: number;
  readonly #filler = join(this.directory, "filler");

  /** Whether this machine lets the test make one. */
  static get possible(): boolean {
    try {
      new SmallDisk(65_536).remove();
      return true;
    } catch {
      return false;
    }
  }

  /** @param size in bytes */
  constructor(size: number) {
    this.#size = size;
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", this.directory], { stdio: "pipe" });
    } catch (thrown) {
      rmSync(this.directory, { recursive: true });
      throw thrown;
    }
  }

  /** Takes all space that is left. */
  fill(): void {
    try {
      writeFileSync(this.#filler, Buffer.alloc(this.#size));
    } catch (thrown) {
      if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOSPC") return;
      throw thrown;
    }
    throw new Error(`${this.directory} is larger than it should be`);
  }

  /** Gives the space back. */
  empty(): void {
    rmSync(this.#filler, { force: true });
  }

  remove(): void {
    execFileSync("umount", [this.directory], { stdio: "pipe" });
    rmSync(this.directory, { recursive: true });
  }
}
