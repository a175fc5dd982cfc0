import { definePlugin, serviceRef } from "@damson/plugin-sdk";
import { Counter } from "prom-client";

/** Other plugins find the greeter by this reference: `ctx.services.get(greeter).greet("Ada")`. */
export const greeter = serviceRef("greetings:greeter");

const Greeting = {
  type: "object",
  additionalProperties: false,
  required: ["name"],
  properties: { name: { type: "string", minLength: 1, maxLength: 80 } },
};

export default definePlugin({
  name: "greeter",

  // Called once, with the checked config. What is slow belongs into the functions that are contributed.
  async setup(ctx, config) {
    // Lives in the host's state directory, and survives restarts.
    const memory = await ctx.storage.document("memory", { spoken: 0 });

    // Shows in the host's /metrics, with this plugin's id as a label.
    const spoken = new Counter({
      name: "damson_greeter_greetings_total",
      help: "Greetings spoken since the plugin started.",
      registers: [ctx.metrics],
    });

    async function greet(name) {
      // Resolves when it is on disk, so a greeting that was answered is never forgotten.
      await memory.update((before) => ({ spoken: before.spoken + 1 }));
      spoken.inc();
      ctx.events.publish({ type: "greeter.greeted", name });
      return `${config.greeting}, ${name}!`;
    }

    // Announced as "provides" in package.json.
    ctx.contribute.service(greeter, { greet });

    // Served as /v1/plugins/greeter/greetings, behind the host's own checks. Bodies are checked by their schema.
    ctx.http(async (app) => {
      app.get("/greetings", async () => memory.value);
      app.post("/greetings", { schema: { body: Greeting } }, async (request, reply) => {
        reply.code(201);
        return { text: await greet(request.body.name) };
      });
    });

    ctx.onStop(() => ctx.log.info({ spoken: memory.value.spoken }, "The greeter falls silent"));
  },
});
