import { Agent, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";

/** An answer. */
export interface FleetAnswer {
  readonly status: number;
  readonly body: string;
  readonly tag: string | undefined;
}

/** The calls of many simulated agents, over connections that they share: each of its own would be the simulator's cost. */
export class FleetHttp {
  readonly url: string;
  readonly #agent: Agent;

  constructor(url: string, connections: number) {
    this.url = url;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** @throws Error for an answer that is neither 2xx nor 304. */
  async call(method: string, path: string, body?: unknown, tag?: string): Promise<FleetAnswer> {
    const json = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      ...(json !== undefined && { "content-type": "application/json", "content-length": Buffer.byteLength(json) }),
      ...(tag !== undefined && { "if-none-match": tag }),
    };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request(`${this.url}${path}`, { method, agent: this.#agent, headers }, resolve).on("error", reject).end(json);
    });
    const { statusCode: status = 0 } = response;
    const answer = { status, body: await text(response), tag: response.headers.etag };
    if (status !== 304 && (status < 200 || status > 299))
      throw new Error(`${method} ${path}: ${status} ${answer.body}`);
    return answer;
  }

  close(): void {
    this.#agent.destroy();
  }
}
