import { createHash } from "node:crypto";
import type { Static } from "typebox";
import type { Endpoint, ResolveQuery } from "../api/schema/services.ts";

type Strategy = Pick<Static<typeof ResolveQuery>, "strategy" | "hashKey">;

/** Picks one endpoint of a service for a client that wants just one. */
export class Resolver {
  /** How often each service was asked for; harmless to forget. */
  readonly #turns = new Map<string, number>();

  /**
   * One of the endpoints, of which there is at least one: by `hashKey` the same one for the same key, as long as it is there;
   * else one after the other, or any.
   */
  pick(endpoints: readonly [Endpoint, ...Endpoint[]], { strategy = "random", hashKey }: Strategy): Endpoint {
    if (hashKey !== undefined) return byHash(endpoints, hashKey);
    const [first] = endpoints;
    const index = strategy === "random" ? Math.floor(Math.random() * endpoints.length) : this.#turn(first.serviceName);
    return endpoints[index % endpoints.length] ?? first;
  }

  #turn(service: string): number {
    const turn = this.#turns.get(service) ?? 0;
    this.#turns.set(service, turn + 1);
    return turn;
  }
}

/** Rendezvous hashing (https://doi.org/10.1109/90.663936): when an endpoint goes, only its own keys move. */
function byHash(endpoints: readonly [Endpoint, ...Endpoint[]], key: string): Endpoint {
  const weigh = ({ instanceId, ip, port }: Endpoint): string =>
    createHash("sha256")
      .update(JSON.stringify([key, instanceId, ip, port]))
      .digest("hex");
  let [best] = endpoints;
  let weight = weigh(best);
  for (const endpoint of endpoints) {
    const other = weigh(endpoint);
    if (other > weight) [best, weight] = [endpoint, other];
  }
  return best;
}
