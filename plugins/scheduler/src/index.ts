import { definePlugin } from "@damson/plugin-sdk";
import { createScheduler } from "./scheduler.ts";

export { createScheduler } from "./scheduler.ts";

export default definePlugin({
  name: "scheduler",
  setup(ctx) {
    ctx.contribute.scheduler(createScheduler());
  },
});
