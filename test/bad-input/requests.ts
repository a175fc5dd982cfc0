/** Bytes as they go to the socket. */
export type Sent = string | Buffer;

/** What {@link request} takes beside method and path. */
export interface RequestParts {
  /** Beside `Host` and `Connection`, or in place of them. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A request as it goes over the wire, with the right length of its body. The server closes the connection after it. */
export function request(method: string, path: string, { headers = {}, body }: RequestParts = {}): Buffer {
  const all: Record<string, string> = { Host: "127.0.0.1", Connection: "close", ...headers };
  if (body !== undefined) all["Content-Length"] ??= String(Buffer.byteLength(body));
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  const head = `${[`${method} ${path} HTTP/1.1`, ...lines].join("\r\n")}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), Buffer.from(body ?? "")]);
}

/** `POST /v1/apply` with this text, as JSON unless `headers` say otherwise. */
export function body(text: string | Buffer, headers: Readonly<Record<string, string>> = {}): Buffer {
  return request("POST", "/v1/apply", { headers: { "Content-Type": "application/json", ...headers }, body: text });
}

/** `POST` of `value` as JSON; without it, of nothing. */
export function post(path: string, value?: unknown): Buffer {
  if (value === undefined) return request("POST", path);
  return request("POST", path, { headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) });
}

/** `GET`, with more headers than usual if need be. */
export function get(path: string, headers: Readonly<Record<string, string>> = {}): Buffer {
  return request("GET", path, { headers });
}
