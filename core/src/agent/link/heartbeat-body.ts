import type { AgentFacts, Heartbeat } from "./protocol.ts";

/** All facts are told again after so many heartbeats: a controller may have forgotten the node. */
const FULL_EVERY = 12;

/** All that a heartbeat can say. */
export interface NodeFacts extends AgentFacts {
  readonly ip: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

/** Makes heartbeats small: what a controller has accepted is left out until it changes. */
export class HeartbeatBody {
  readonly #nodeId: string;
  readonly #owner: string;
  readonly #accepted = new Map<string, string>();
  #count = 0;

  constructor(nodeId: string, owner: string) {
    this.#nodeId = nodeId;
    this.#owner = owner;
  }

  /** Whoever answers now may know nothing. */
  forget(): void {
    this.#accepted.clear();
    this.#count = 0;
  }

  /** The body to send, and what to call when it was accepted. */
  next(
    facts: NodeFacts,
    schemas: Readonly<Record<string, unknown>> | undefined,
  ): [body: Heartbeat, accept: () => void] {
    if (this.#count % FULL_EVERY === 0) this.#accepted.clear();
    const texts = Object.entries(facts)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, JSON.stringify(value)] as const)
      .filter(([name, text]) => this.#accepted.get(name) !== text);
    const { ip, labels, ...agent }: Partial<NodeFacts> = Object.fromEntries(
      texts.map(([name, text]) => [name, JSON.parse(text)]),
    );
    const body: Heartbeat = {
      nodeId: this.#nodeId,
      ...(ip === undefined ? {} : { ip }),
      ...(labels === undefined ? {} : { labels }),
      agent: { owner: this.#owner, ...agent, ...(schemas ? { schemas } : {}) },
    };
    const accept = (): void => {
      this.#count += 1;
      for (const [name, text] of texts) this.#accepted.set(name, text);
    };
    return [body, accept];
  }
}
