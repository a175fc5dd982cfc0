import type { Readable } from "node:stream";
import {
  DamsonError,
  durationMs,
  errorText,
  isDamsonError,
  type JsonObject,
  type Logger,
  type ReportProgress,
  type StoredDocument,
} from "@damson/plugin-sdk";
import type { ImageInspectInfo } from "dockerode";
import type { DockerConfig } from "../config.ts";
import { isRefusal, unless } from "../engine/answers.ts";
import { type Engine, until } from "../engine/engine.ts";
import { registryAuth } from "./auth.ts";
import { pullProgress } from "./progress.ts";
import { registryOf, withTag } from "./reference.ts";

/** The images that this plugin has pulled, and when each was last asked for (ISO 8601). */
export interface PulledImages extends JsonObject {
  readonly images: Readonly<Record<string, string>>;
}

/** What {@link Images} needs. */
export interface ImagesParts {
  readonly engine: Engine;
  readonly config: DockerConfig;
  readonly loginFile: string;
  readonly pulled: StoredDocument<PulledImages>;
  readonly log: Logger;
}

/** The engine's images: brings those that apps need, and removes what was brought and is needed no more, when asked to. */
export class Images {
  readonly #parts: ImagesParts;

  constructor(parts: ImagesParts) {
    this.#parts = parts;
  }

  /** `undefined` when the engine does not have it. */
  async find(image: string): Promise<ImageInspectInfo | undefined> {
    const answer = this.#parts.engine.call("about an image", (docker) => docker.getImage(image).inspect());
    return unless(answer, 404);
  }

  /**
   * Makes sure that the engine has the image.
   *
   * @throws DamsonError `IMAGE_MISSING`, `IMAGE_PULL_FAILED` or `REGISTRY_LOGIN_FAILED`
   */
  async bring(
    image: string,
    policy: "always" | "if_not_present" | "never",
    report: ReportProgress,
    signal: AbortSignal,
  ): Promise<void> {
    const isThere = policy !== "always" && (await this.find(image)) !== undefined;
    if (!isThere && policy === "never") throw imageMissing(image);
    if (!isThere) await this.#pull(image, report, signal);
    if (isThere && !(withTag(image) in this.#parts.pulled.value.images)) return;
    await this.#note(image);
  }

  /** Removes images that were pulled here, that nobody has asked for in the configured time, and that no container uses. */
  async collect(now: Date): Promise<void> {
    const { config, engine, pulled, log } = this.#parts;
    if (!config.image_gc) return;
    const before = now.getTime() - durationMs(config.image_gc.unused_for);
    for (const [image, asked] of Object.entries(pulled.value.images)) {
      if (Date.parse(asked) > before) continue;
      try {
        const answer = engine.call("the removal of an image", (docker, abortSignal) =>
          docker.getImage(image).remove({ abortSignal }),
        );
        await unless(answer, 404);
        log.info({ image }, "removed an image that nobody has asked for");
      } catch (error) {
        if (!isRefusal(error, 409)) throw error;
        // A container uses it.
        continue;
      }
      await pulled.update(({ images: { [image]: _removed, ...images } }) => ({ images }));
    }
  }

  async #note(image: string): Promise<void> {
    const asked = new Date().toISOString();
    await this.#parts.pulled.update(({ images }) => ({ images: { ...images, [withTag(image)]: asked } }));
  }

  async #pull(image: string, report: ReportProgress, signal: AbortSignal): Promise<void> {
    const { engine, config, loginFile } = this.#parts;
    const registry = registryOf(image);
    report({ step: `pulling ${image}` });
    const authconfig = await registryAuth(registry, config.registries, loginFile);
    try {
      const stream = await engine.call(
        "a pull",
        (docker, abortSignal) => docker.pull(withTag(image), { ...(authconfig ? { authconfig } : {}), abortSignal }),
        { ms: Number.POSITIVE_INFINITY, signal },
      );
      await pullProgress(until(signal, stream as Readable), (progress) =>
        report({ ...progress, step: `pulling ${image}` }),
      );
    } catch (error) {
      signal.throwIfAborted();
      throw pullError(engine.explain(error), image, registry, authconfig !== undefined);
    }
  }
}

/** The error of an image that is not there and must not be pulled. */
export function imageMissing(image: string): DamsonError {
  return new DamsonError("IMAGE_MISSING", `there is no image ${image} on the engine, and pull_policy is never`, {
    status: 422,
    remedy: "Load or build it there, or give another pull_policy.",
    issues: [{ path: "pkg.image", message: `there is no image "${image}"` }],
  });
}

const DENIED = /unauthorized|denied|no basic auth|authentication required/i;
const UNKNOWN = /not found|manifest unknown|does not exist|name unknown/i;
const NO_SPACE = /no space left on device/i;

function pullError(error: unknown, image: string, registry: string, isLoggedIn: boolean): unknown {
  if (isDamsonError(error)) return error;
  const text = errorText(error)
    .replace(/^\(HTTP code \d+\) [^-]*- /, "")
    .trim();
  const retryable = !DENIED.test(text) && !UNKNOWN.test(text);
  const remedy = DENIED.test(text)
    ? `${isLoggedIn ? "Correct" : "Give"} who to log in as at ${registry}: \`registries\` in plugins.yaml, or \`docker login ${registry}\` as the agent's user.`
    : UNKNOWN.test(text)
      ? "Check the image's name and tag."
      : NO_SPACE.test(text)
        ? "Free some space on the engine's disk."
        : `Check that the engine can reach ${registry}.`;
  return new DamsonError("IMAGE_PULL_FAILED", `the image ${image} cannot be pulled: ${text}`, {
    status: 422,
    retryable,
    remedy,
    issues: [{ path: "pkg.image", message: "cannot be pulled" }],
    cause: error,
  });
}
