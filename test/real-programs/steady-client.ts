import { Agent, get } from "node:http";

/** Requests one URL after the other, without a pause, and counts. */
export class SteadyClient {
  /** What is requested; the next request goes there. */
  url: string;
  /** What the answer must be. */
  expected: string;
  answered = 0;
  readonly failures: string[] = [];
  readonly #agent: Agent;
  #stopped = false;
  #loop: Promise<void>;

  /** @param keepAlive one connection for all requests, or one for each */
  constructor(url: string, expected: string, keepAlive: boolean) {
    this.url = url;
    this.expected = expected;
    this.#agent = new Agent({ keepAlive, maxSockets: 1 });
    this.#loop = this.#run();
  }

  /** Ends it after the request under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#loop;
    this.#agent.destroy();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const { url, expected } = this;
      try {
        const body = await request(url, this.#agent);
        if (body === expected) this.answered += 1;
        else this.failures.push(`${url} answered ${JSON.stringify(body)}, not ${JSON.stringify(expected)}`);
      } catch (thrown) {
        this.failures.push(`${url}: ${thrown}`);
      }
    }
  }
}

/** Body of the answer to one request; @throws Error for anything but 200. */
export function request(url: string, agent?: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = get(url, agent ? { agent, timeout: 5_000 } : { agent: false, timeout: 5_000 }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => {
        body += text;
      });
      response.on("error", reject);
      response.on("end", () => {
        if (response.statusCode === 200) resolve(body);
        else reject(new Error(`status ${response.statusCode}: ${body}`));
      });
    });
    sent.on("timeout", () => sent.destroy(new Error("no answer within 5 s")));
    sent.on("error", reject);
  });
}
