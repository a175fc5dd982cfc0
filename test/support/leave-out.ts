import type { TestContext } from "vitest";

/**
 * Leaves the present test out because this machine lacks something; with DAMSON_REQUIRE_ENGINES set it fails instead.
 *
 * @param reason what is absent and what would give it, e.g. `no Docker Engine: set DOCKER_HOST`
 */
export function leaveOut(context: TestContext, reason: string): never {
  if (process.env.DAMSON_REQUIRE_ENGINES) throw new Error(`DAMSON_REQUIRE_ENGINES is set, but there is ${reason}`);
  context.skip(reason);
}
