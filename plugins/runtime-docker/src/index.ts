import { definePlugin } from "@damson/plugin-sdk";
import { DockerConfig } from "./config.ts";
import { createDockerRuntime } from "./docker-runtime.ts";
import type { PulledImages } from "./image/images.ts";

export { DockerConfig } from "./config.ts";
export { createDockerRuntime, type DockerRuntime, type DockerRuntimeOptions } from "./docker-runtime.ts";
export { DockerPackage } from "./spec/package-schema.ts";

export default definePlugin({
  name: "runtime-docker",
  config: DockerConfig,
  async setup(ctx, config) {
    const runtime = createDockerRuntime({
      owner: ctx.host.owner,
      log: ctx.log,
      config,
      env: ctx.env,
      directory: ctx.directory,
      pulled: await ctx.storage.document<PulledImages>("images", { images: {} }),
    });
    ctx.onStop(() => runtime.close());
    ctx.contribute.runtime(runtime);
  },
});
