import { type AgentClient, answer, type FollowOptions, ProblemError } from "@damson/client";
import { type MeteredUsage, UsageMeter } from "./usage-meter.ts";

/**
 * Calls `listener` with each sample of each instance until the signal aborts: of one app, or of all, also of those that
 * are applied later.
 *
 * @throws what the first questions to the agent throw, and `APP_NOT_FOUND` when the only app goes.
 */
export async function followUsage(
  client: AgentClient,
  app: string | undefined,
  options: FollowOptions,
  listener: (usage: MeteredUsage) => void | Promise<void>,
): Promise<void> {
  const meter = new UsageMeter();
  const follow = async (name: string, of: FollowOptions): Promise<void> => {
    for await (const usage of client.followStats(name, of)) await listener(meter.add(name, usage));
  };
  if (app !== undefined) return follow(app, options);
  const following = new Set<string>();
  const failed = Promise.withResolvers<never>();
  const add = (name: string): void => {
    if (following.has(name)) return;
    following.add(name);
    follow(name, { signal: options.signal })
      .catch((thrown: unknown) => {
        if (!isGone(thrown)) failed.reject(thrown);
      })
      .finally(() => following.delete(name));
  };
  const watch = async (): Promise<void> => {
    for (const { app: name } of (await answer(client.api.GET("/v1/status"))).apps) add(name);
    // Breaks of the connection are told of once, and not by every app.
    for await (const event of client.followEvents({}, options)) {
      if (event.type === "app.applied" && event.app !== undefined) add(event.app);
    }
  };
  await Promise.race([watch(), failed.promise]);
}

function isGone(thrown: unknown): boolean {
  return thrown instanceof ProblemError && thrown.problem.code === "APP_NOT_FOUND";
}
