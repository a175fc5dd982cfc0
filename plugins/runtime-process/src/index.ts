import { definePlugin } from "@damson/plugin-sdk";
import { ProcessConfig } from "./config.ts";
import { createProcessRuntime } from "./process-runtime.ts";

export { ProcessConfig } from "./config.ts";
export { createProcessRuntime, type ProcessRuntime, type ProcessRuntimeOptions } from "./process-runtime.ts";
export {
  ArtifactPackage,
  BinaryPackage,
  type ProcessPackage,
  ScriptPackage,
} from "./spec/package-schema.ts";

export default definePlugin({
  name: "runtime-process",
  config: ProcessConfig,
  setup(ctx, config) {
    const runtime = createProcessRuntime({
      directory: ctx.directory,
      owner: ctx.host.owner,
      log: ctx.log,
      config,
    });
    ctx.onStop(() => runtime.close());
    ctx.contribute.runtime(runtime);
  },
});
