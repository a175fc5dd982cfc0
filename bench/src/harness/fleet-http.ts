import { connect, type Socket } from "node:net";

/** An answer. */
export interface FleetAnswer {
  readonly status: number;
  readonly body: string;
  readonly tag: string | undefined;
}

interface Call {
  readonly text: string;
  resolve(answer: FleetAnswer): void;
  reject(error: Error): void;
}

/**
 * The calls of many simulated agents, over connections that they share. It speaks just enough HTTP/1.1 for answers with a
 * length: `node:http` takes several times as long for a call as the controller does, so that the simulator would be measured.
 */
export class FleetHttp {
  readonly url: string;
  readonly #host: string;
  readonly #port: number;
  readonly #most: number;
  readonly #head: string;
  readonly #idle: Connection[] = [];
  readonly #all = new Set<Connection>();
  readonly #waiting: Call[] = [];

  constructor(url: string, connections: number) {
    const { hostname, port, host } = new URL(url);
    this.url = url;
    this.#host = hostname;
    this.#port = Number(port);
    this.#most = connections;
    this.#head = `\r\nHost: ${host}\r\n`;
  }

  /** @throws Error for an answer that is neither 2xx nor 304. */
  async call(method: string, path: string, body?: unknown, tag?: string): Promise<FleetAnswer> {
    const json = body === undefined ? "" : JSON.stringify(body);
    const headers = [
      json === "" ? "" : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(json)}\r\n`,
      tag === undefined ? "" : `If-None-Match: ${tag}\r\n`,
    ];
    const text = `${method} ${path} HTTP/1.1${this.#head}${headers.join("")}\r\n${json}`;
    const answer = await new Promise<FleetAnswer>((resolve, reject) => this.#send({ text, resolve, reject }));
    const { status } = answer;
    if (status !== 304 && (status < 200 || status > 299))
      throw new Error(`${method} ${path}: ${status} ${answer.body}`);
    return answer;
  }

  close(): void {
    for (const connection of this.#all) connection.end();
  }

  #send(call: Call): void {
    const connection = this.#idle.pop() ?? this.#more();
    if (connection) connection.send(call);
    else this.#waiting.push(call);
  }

  #more(): Connection | undefined {
    if (this.#all.size === this.#most) return undefined;
    const connection = new Connection(connect({ host: this.#host, port: this.#port, noDelay: true }), {
      idle: () => {
        const next = this.#waiting.shift();
        if (next) connection.send(next);
        else this.#idle.push(connection);
      },
      closed: () => {
        this.#all.delete(connection);
        const at = this.#idle.indexOf(connection);
        if (at >= 0) this.#idle.splice(at, 1);
      },
    });
    this.#all.add(connection);
    return connection;
  }
}

/** One connection, on which one call at a time is under way. */
class Connection {
  readonly #socket: Socket;
  readonly #on: { idle(): void; closed(): void };
  #call: Call | undefined;
  #received = "";

  constructor(socket: Socket, on: { idle(): void; closed(): void }) {
    this.#socket = socket;
    this.#on = on;
    // A byte a character, so that lengths are those of the header.
    socket.setEncoding("latin1").on("data", (text: string) => this.#take(text));
    socket
      .on("error", (error) => this.#fail(error))
      .on("close", () => this.#fail(new Error("the connection was closed")));
  }

  send(call: Call): void {
    this.#call = call;
    this.#socket.write(call.text);
  }

  end(): void {
    this.#socket.destroy();
  }

  #take(text: string): void {
    this.#received += text;
    const end = this.#received.indexOf("\r\n\r\n");
    if (end < 0) return;
    const head = this.#received.slice(0, end);
    const status = Number(head.slice(9, 12));
    const length = status === 304 ? 0 : Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (this.#received.length < end + 4 + length) return;
    const body = Buffer.from(this.#received.slice(end + 4, end + 4 + length), "latin1").toString();
    this.#received = this.#received.slice(end + 4 + length);
    const call = this.#call;
    this.#call = undefined;
    this.#on.idle();
    call?.resolve({ status, body, tag: /\r\netag: (\S+)/i.exec(head)?.[1] });
  }

  #fail(error: Error): void {
    this.#on.closed();
    this.#call?.reject(error);
    this.#call = undefined;
  }
}
