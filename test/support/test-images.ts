import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { TestContext } from "vitest";
import { BUSYBOX } from "./busybox-image.ts";
import type { Engine } from "./engine.ts";
import type { Credentials } from "./registry.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/**
 * The images of a test, which are removed when it ends. What is to end before that, such as an agent whose containers use
 * them, is started after this was made.
 */
export class TestImages {
  readonly #engine: Engine;
  readonly #images = new Set<string>();

  constructor(context: TestContext, engine: Engine) {
    this.#engine = engine;
    context.onTestFinished(async () => {
      for (const image of this.#images) await this.#remove(image);
    }, 60_000);
  }

  /** Builds one from {@link BUSYBOX} with these lines of a Dockerfile. */
  async build(image: string, lines: readonly string[]): Promise<void> {
    this.add(image);
    const input = Readable.from([`${[`FROM ${BUSYBOX}`, ...lines].join("\n")}\n`]);
    const words = ["build", "--quiet", "--no-cache", "--force-rm", "--tag", image, "-"];
    await this.#engine.run(words, { input, environment: { DOCKER_BUILDKIT: "0" } });
  }

  /** Builds one into its registry: the engine does not have it then. */
  async push(image: string, lines: readonly string[], credentials?: Credentials): Promise<void> {
    await this.build(image, lines);
    const directory = temporaryDirectory();
    try {
      if (credentials) writeLogin(directory, image.split("/", 1)[0] ?? "", credentials);
      await this.#engine.run(["push", image], { environment: { DOCKER_CONFIG: directory } });
    } finally {
      rmSync(directory, { recursive: true });
    }
    await this.#remove(image);
  }

  /** Removes this one too, which comes to the engine in another way. */
  add(image: string): void {
    this.#images.add(image);
  }

  async #remove(image: string): Promise<void> {
    // It may not be there.
    await this.#engine.docker("rmi", "--force", image).catch(() => undefined);
  }
}

/** Writes the config.json of `docker login` into a directory. */
export function writeLogin(directory: string, registry: string, { user, password }: Credentials): void {
  const auth = Buffer.from(`${user}:${password}`).toString("base64");
  writeFileSync(join(directory, "config.json"), JSON.stringify({ auths: { [registry]: { auth } } }));
}
