import type { AgentItem } from "../assignments/list-assignments.ts";
import type { Report } from "../statuses/statuses.ts";

const RETRY_MS = 5_000;
const RETRY_MAX_MS = 60_000;

interface Refusal {
  readonly specVersion: number;
  readonly reason: string;
  readonly count: number;
  readonly retryAt: number;
}

/** What an agent has refused to run, and when it is asked again. */
export class Refusals {
  readonly #refused = new Map<string, Refusal>();

  add({ instanceId, specVersion }: AgentItem, reason: string): void {
    const known = this.#refused.get(instanceId);
    const count = known?.specVersion === specVersion ? known.count + 1 : 1;
    const ms = Math.min(RETRY_MS * 2 ** (count - 1), RETRY_MAX_MS) * (0.8 + 0.4 * Math.random());
    this.#refused.set(instanceId, { specVersion, reason, count, retryAt: performance.now() + ms });
  }

  forget(instanceId: string): void {
    this.#refused.delete(instanceId);
  }

  /** Forgets what is not asked any more. */
  keep(list: readonly AgentItem[]): void {
    const running = list.filter(({ desired }) => desired === "Running");
    const versions = new Map(running.map(({ instanceId, specVersion }) => [instanceId, specVersion]));
    for (const [instanceId, { specVersion }] of this.#refused) {
      if (versions.get(instanceId) !== specVersion) this.#refused.delete(instanceId);
    }
  }

  /** Whether it is too early to ask again for the same version. */
  isWaiting({ instanceId, specVersion }: AgentItem): boolean {
    const known = this.#refused.get(instanceId);
    return known?.specVersion === specVersion && performance.now() < known.retryAt;
  }

  reports(): Report[] {
    return [...this.#refused].map(([instanceId, { specVersion, reason }]) => ({
      instanceId,
      phase: "Failed",
      healthy: false,
      detail: "failed",
      reason: `version ${specVersion} of the deployment cannot be run here: ${reason}`.slice(0, 4_096),
      specVersion,
    }));
  }
}
