import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import type { ExitStatus } from "../runtime/exit-status.ts";
import type { Handle } from "../runtime/handle.ts";
import type { Instance, Package } from "../runtime/instance.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { RuntimeHarness } from "./harness.ts";
import { conformanceMark } from "./host-processes.ts";
import type { ConformanceOptions } from "./options.ts";
import type { Program } from "./programs.ts";
import { TestAgent } from "./test-agent.ts";
import { eventually, staysTrue, within } from "./waiting.ts";

/** What an agent found of a run that ended before its time. */
interface FoundEnd {
  readonly agent: TestAgent;
  readonly handle: Handle;
  readonly status: ExitStatus;
}

/** Where one case plays: its own owners and instances, the agents that it opens, and the means to wait. */
export class Scene {
  readonly harness: RuntimeHarness;
  readonly options: ConformanceOptions;
  readonly owner: string = `conformance-${randomBytes(6).toString("hex")}`;
  /** A second agent that shares the machine or engine. */
  readonly otherOwner: string = `conformance-${randomBytes(6).toString("hex")}`;
  readonly #end = new AbortController();
  readonly #instances: Instance[] = [];

  constructor(harness: RuntimeHarness, options: ConformanceOptions) {
    this.harness = harness;
    this.options = options;
  }

  /** Starts an agent's life. The one before is not told: it was killed. */
  async agent(owner: string = this.owner): Promise<TestAgent> {
    return new TestAgent(await this.#open(owner), this.options.deadlineMs, this.#end.signal);
  }

  /** The first run of a new instance of a test program. */
  instance(program: Program, changes: Partial<Instance> = {}): Instance {
    return this.instanceOf(this.harness.package(program), changes);
  }

  /** The first run of a new instance of a package. */
  instanceOf(pkg: Package, changes: Partial<Instance> = {}): Instance {
    const { owner = this.owner, instanceId = `web.api-${this.#instances.length + 1}` } = changes;
    const instance: Instance = {
      owner,
      nodeId: "node-1",
      app: "web.api",
      version: "v1.2.3",
      instanceId,
      run: 1,
      pkg,
      environment: {
        DAMSON_APP: "web.api",
        DAMSON_VERSION: "v1.2.3",
        DAMSON_INSTANCE_ID: instanceId,
        DAMSON_NODE_ID: "node-1",
        ...conformanceMark({ owner, instanceId }),
      },
      ...changes,
    };
    this.#instances.push(instance);
    return instance;
  }

  /** What lives of the instance, in a fixed order. */
  async alive(instance: Instance): Promise<readonly string[]> {
    return (await this.harness.alive(instance)).toSorted();
  }

  /** Waits until at least `count` processes of the instance live. */
  untilAlive(instance: Instance, count: number): Promise<void> {
    return this.eventually(async () => {
      expect((await this.alive(instance)).length, `processes of ${instance.instanceId}`).toBeGreaterThanOrEqual(count);
    });
  }

  /** Waits until nothing lives of the instance. */
  untilDead(instance: Instance): Promise<void> {
    return this.eventually(async () => {
      expect(await this.alive(instance), `what lives of ${instance.instanceId}`).toEqual([]);
    });
  }

  /**
   * Waits until nothing lives of the instance; then the next agent has to find that its run has ended. A helper that
   * records the end may do so a moment after it, and until then the run is rightly found as adopted.
   */
  async nextAgentFindsEnd(instance: Instance, known?: Handle): Promise<FoundEnd> {
    await this.untilDead(instance);
    const agent = await this.agent();
    return this.eventually(async () => {
      const recovered = await agent.recover(instance, known);
      if (recovered.state !== "exited") throw new Error(`recover said ${recovered.state} of a run that ended`);
      return { agent, handle: recovered.handle, status: recovered.status };
    });
  }

  eventually<T>(check: () => Promise<T>): Promise<T> {
    return eventually(this.options.deadlineMs, check);
  }

  staysTrue(check: () => Promise<void>): Promise<void> {
    return staysTrue(this.options.quietMs, check);
  }

  /** Ends every reading and watching, and all instances of the case. What resists is left to the harness's `cleanup`. */
  async end(): Promise<void> {
    this.#end.abort();
    for (const owner of new Set(this.#instances.map((instance) => instance.owner))) {
      const agent = new TestAgent(await this.#open(owner), this.options.deadlineMs, AbortSignal.abort());
      const handles = await agent.list(owner).catch(() => []);
      for (const handle of handles.filter((one) => one.owner === owner)) {
        await agent.stop(handle, { signal: "SIGKILL", graceMs: 0 }).catch(() => undefined);
      }
      for (const instance of this.#instances.filter((one) => one.owner === owner)) {
        await agent.remove(instance).catch(() => undefined);
      }
    }
  }

  #open(owner: string): Promise<Runtime> {
    return within(this.options.deadlineMs, "opening the runtime", this.harness.open(owner));
  }
}
