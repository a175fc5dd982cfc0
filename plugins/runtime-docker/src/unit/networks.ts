import type { Instance } from "@damson/plugin-sdk";
import pLimit from "p-limit";
import { isRefusal, unless } from "../engine/answers.ts";
import type { Engine } from "../engine/engine.ts";
import { LABELS } from "./labels.ts";
import { networkName } from "./names.ts";

/** The networks of one owner that the instances of an app have to themselves. */
export class AppNetworks {
  readonly #engine: Engine;
  readonly #owner: string;
  /** One change at a time: an engine that is asked twice at once makes two networks of one name. */
  readonly #turn = pLimit(1);
  /** By name, how many starts are on their way: until then the engine sees no container in it. */
  readonly #wanted = new Map<string, number>();

  constructor(engine: Engine, owner: string) {
    this.#engine = engine;
    this.#owner = owner;
  }

  /** Makes the app's network unless it is there, and keeps it until `work` is done. */
  async during<T>({ app }: Pick<Instance, "app">, work: () => Promise<T>): Promise<T> {
    const name = networkName(this.#owner, app);
    this.#count(name, 1);
    try {
      await this.#turn(() => this.#make(name, app));
      return await work();
    } finally {
      this.#count(name, -1);
    }
  }

  /** Removes those that no container uses. */
  async removeUnused(): Promise<void> {
    await this.#turn(async () => {
      const filters = { label: [`${LABELS.owner}=${this.#owner}`] };
      const all = await this.#engine.call("for its networks", (docker, abortSignal) =>
        docker.listNetworks({ filters, abortSignal }),
      );
      for (const { Id, Name, Labels } of all) {
        // Labels can be anybody's.
        const isOwn = Name === networkName(this.#owner, Labels?.[LABELS.app] ?? "");
        if (!isOwn || this.#wanted.has(Name)) continue;
        const answer = this.#engine.call("the removal of a network", (docker, abortSignal) =>
          docker.getNetwork(Id).remove({ abortSignal }),
        );
        // A container uses it, or it is gone. Podman has words of its own for that.
        await answer.catch((error: unknown) => {
          if (!isRefusal(error)) throw error;
        });
      }
    });
  }

  async #make(name: string, app: string): Promise<void> {
    const there = this.#engine.call("about a network", (docker) => docker.getNetwork(name).inspect());
    if (await unless(there, 404)) return;
    const options = { Name: name, CheckDuplicate: true, Labels: { [LABELS.owner]: this.#owner, [LABELS.app]: app } };
    const answer = this.#engine.call("the making of a network", (docker, abortSignal) =>
      docker.createNetwork({ ...options, abortSignal }),
    );
    await unless(answer, 409);
  }

  #count(name: string, change: 1 | -1): void {
    const count = (this.#wanted.get(name) ?? 0) + change;
    if (count > 0) this.#wanted.set(name, count);
    else this.#wanted.delete(name);
  }
}
