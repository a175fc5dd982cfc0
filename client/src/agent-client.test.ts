import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createAgentClient } from "./agent-client.ts";
import type { AgentEvent } from "./agent-types.ts";
import { answer } from "./connection.ts";
import { ProblemError } from "./problem-error.ts";
import { UnreachableError } from "./unreachable-error.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(handler: Handler): Promise<string> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function event(number: number): string {
  const data = { id: `e-${number}`, time: "2026-01-01T00:00:00.000Z", type: "app.applied" };
  return `id: e-${number}\ndata: ${JSON.stringify(data)}\n\n`;
}

async function take(events: AsyncIterable<AgentEvent>, count: number): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of events) {
    ids.push(id);
    if (ids.length === count) break;
  }
  return ids;
}

it("sends the token and answers with the body", async () => {
  const url = await serve((request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ status: "ok", service: request.headers.authorization }));
  });
  const client = createAgentClient({ url: `${url}/`, token: "secret" });
  expect(await answer(client.api.GET("/v1/health"))).toEqual({ status: "ok", service: "Bearer secret" });
});

it("throws the problem document of an error", async () => {
  const problem = { status: 404, code: "APP_NOT_FOUND", detail: 'there is no app "x"', remedy: "List them." };
  const url = await serve((_request, response) => {
    response.writeHead(404, { "content-type": "application/problem+json" }).end(JSON.stringify(problem));
  });
  const call = createAgentClient({ url }).api.GET("/v1/status/{app}", { params: { path: { app: "x" } } });
  await expect(call).rejects.toThrow(ProblemError);
  await expect(call).rejects.toMatchObject({ message: problem.detail, problem });
});

it("says what came instead of a problem document", async () => {
  const url = await serve((_request, response) => response.writeHead(502).end("<html>bad gateway</html>"));
  await expect(createAgentClient({ url }).api.GET("/v1/health")).rejects.toMatchObject({
    problem: { status: 502, code: "ANSWER_UNEXPECTED", detail: expect.stringContaining("bad gateway") },
  });
});

it("knows that a web page is no agent", async () => {
  const url = await serve((_request, response) => response.setHeader("content-type", "text/html").end("<p>It works!"));
  await expect(createAgentClient({ url }).api.GET("/v1/health")).rejects.toMatchObject({
    problem: { code: "ANSWER_UNEXPECTED", detail: expect.stringContaining("It works!") },
  });
});

it("says why nobody answered", async () => {
  const url = await serve(() => {});
  const [server] = servers.splice(0);
  await new Promise((resolve) => server?.close(resolve));
  const call = createAgentClient({ url }).api.GET("/v1/health");
  await expect(call).rejects.toThrow(UnreachableError);
  await expect(call).rejects.toThrow(/ECONNREFUSED/);
});

it("waits no longer than it was told to", async () => {
  const url = await serve(() => {});
  const call = createAgentClient({ url, timeoutMs: 50 }).api.GET("/v1/health");
  await expect(call).rejects.toThrow(/nothing came within 0.05 s/);
});

it("reads lines of JSON however they are cut", async () => {
  const url = await serve((_request, response) => {
    const bytes = Buffer.from('{"text":"häl"}\n{"text":"lo"}');
    response.setHeader("content-type", "application/x-ndjson");
    response.write(bytes.subarray(0, 11));
    setImmediate(() => response.end(bytes.subarray(11)));
  });
  const texts: string[] = [];
  for await (const { text } of createAgentClient({ url }).logs("shop", {})) texts.push(text);
  expect(texts).toEqual(["häl", "lo"]);
});

it("throws the problem in the last line of a stream", async () => {
  const url = await serve((_request, response) => {
    response.setHeader("content-type", "application/x-ndjson");
    response.end('{"text":"a"}\n{"problem":{"status":500,"code":"LOG_DAMAGED","detail":"the log is damaged"}}\n');
  });
  const lines = createAgentClient({ url }).logs("shop", {})[Symbol.asyncIterator]();
  expect(await lines.next()).toMatchObject({ value: { text: "a" } });
  await expect(lines.next()).rejects.toMatchObject({ problem: { code: "LOG_DAMAGED" } });
});

it("goes on after the last event when the connection breaks", async () => {
  const asked: (string | undefined)[] = [];
  const url = await serve((request, response) => {
    asked.push(request.headers["last-event-id"]?.toString());
    response.writeHead(200, { "content-type": "text/event-stream" });
    if (asked.length === 1) {
      response.write(event(1) + event(2), () => response.destroy());
      return;
    }
    response.write(event(3));
  });
  const breaks: number[] = [];
  const events = createAgentClient({ url }).followEvents(
    { after: "e-0" },
    { signal: AbortSignal.timeout(10_000), onDisconnect: (_reason, ms) => breaks.push(ms) },
  );
  expect(await take(events, 3)).toEqual(["e-1", "e-2", "e-3"]);
  expect(asked).toEqual(["e-0", "e-2"]);
  expect(breaks).toHaveLength(1);
});

it("asks for the lines after the last cursor when the connection breaks", async () => {
  const asked: string[] = [];
  const url = await serve((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(`id: c${asked.length}\ndata: {"text":"line"}\n\n`, () => asked.length === 1 && response.destroy());
  });
  const signal = AbortSignal.timeout(10_000);
  let count = 0;
  for await (const _line of createAgentClient({ url }).followLogs("shop", { tail: 5, stream: "stdout" }, { signal })) {
    count += 1;
    if (count === 2) break;
  }
  expect(asked).toEqual([
    "/v1/apps/shop/logs?tail=5&stream=stdout&follow=true",
    "/v1/apps/shop/logs?stream=stdout&after=c1&follow=true",
  ]);
});

it("connects anew when the server could not keep up, and gives up when it refuses", async () => {
  let connections = 0;
  const url = await serve((_request, response) => {
    connections += 1;
    if (connections > 1) {
      response.writeHead(404).end(JSON.stringify({ status: 404, code: "APP_NOT_FOUND", detail: "gone" }));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(`event: problem\ndata: {"status":503,"code":"STREAM_TOO_SLOW","detail":"too slow"}\n\n`);
  });
  const reasons: (string | undefined)[] = [];
  const events = createAgentClient({ url }).followEvents(
    {},
    { signal: AbortSignal.timeout(10_000), onDisconnect: (reason) => reasons.push(reason?.message) },
  );
  await expect(take(events, 1)).rejects.toMatchObject({ problem: { code: "APP_NOT_FOUND" } });
  expect(reasons).toEqual(["too slow"]);
});

it("does not try again when the first connection fails", async () => {
  const events = createAgentClient({ url: "http://127.0.0.1:1" }).followEvents(
    {},
    { signal: AbortSignal.timeout(9_000) },
  );
  await expect(take(events, 1)).rejects.toThrow(UnreachableError);
});

it("ends quietly when it is told to", async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).write(event(1));
  });
  const stop = new AbortController();
  const ids: string[] = [];
  for await (const { id } of createAgentClient({ url }).followEvents({}, { signal: stop.signal })) {
    ids.push(id);
    stop.abort();
  }
  expect(ids).toEqual(["e-1"]);
});

describe("of a server that is not trusted", () => {
  const BOUNDS = { timeoutMs: 300, maxAnswerBytes: 100_000 };
  const health = (url: string) => answer(createAgentClient({ url, ...BOUNDS }).api.GET("/v1/health"));
  const json = { "content-type": "application/json" };

  it("takes whole answers, and errors as they are", async () => {
    const url = await serve((request, response) => {
      if (request.url === "/v1/health") response.writeHead(200, json).end('{"status":"healthy"}');
      else response.writeHead(404, json).end('{"status":404,"code":"NOT_FOUND","detail":"nothing"}');
    });
    expect(await health(url)).toEqual({ status: "healthy" });
    await expect(answer(createAgentClient({ url, ...BOUNDS }).api.GET("/v1/status"))).rejects.toThrow("nothing");
  });

  it("does not go where a redirect leads", async () => {
    const visited: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      visited.push(request.url);
      response.writeHead(302, { location: "/secret" }).end();
    });
    await expect(health(url)).rejects.toThrow(UnreachableError);
    expect(visited).toEqual(["/v1/health"]);
  });

  it("reads no more than the bound, and ends the connection", async () => {
    const ended = Promise.withResolvers<void>();
    const url = await serve((request, response) => {
      request.socket.once("close", () => ended.resolve());
      response.writeHead(200, json);
      const fill = (): void => void (response.writable && response.write("a".repeat(65_536), fill));
      fill();
    });
    await expect(health(url)).rejects.toThrow(/more than 100000 bytes/);
    await ended.promise;
  });

  it("does not wait for the rest for ever", async () => {
    const url = await serve((_request, response) => void response.writeHead(200, json).write('{"status":'));
    await expect(health(url)).rejects.toThrow(/no whole answer/);
  });
});
