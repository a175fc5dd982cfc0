import { setImmediate as turn } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { listen, RawClient } from "../fixtures/raw-client.ts";
import {
  createServer,
  lastEventId,
  ndjson,
  type Server,
  type ServerOptions,
  type SseEvent,
  StreamQueue,
  sse,
} from "../index.ts";
import { streamReply } from "./stream-reply.ts";

async function makeServer(options: Partial<ServerOptions> = {}): Promise<Server> {
  return createServer({ title: "Test", version: "1.0.0", host: "127.0.0.1", ...options });
}

const connectionsOf = (app: Server) =>
  new Promise<number>((resolve) => app.server.getConnections((_error, count) => resolve(count)));

const get = (path: string, headers = "") => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}\r\n`;

/** Ends when the signal aborts, and tells `seen`. */
async function* untilAborted(signal: AbortSignal, seen: { aborted: boolean }): AsyncGenerator<SseEvent> {
  yield* new StreamQueue<SseEvent>(signal);
  seen.aborted = true;
}

test("events carry id, kind and JSON, and a client that reconnects goes on where it was", async () => {
  const app = await makeServer();
  app.get("/events", async (request, reply) => {
    const after = Number(lastEventId(request) ?? 0);
    return sse(reply, async function* () {
      for (let id = after + 1; id <= 3; id += 1) yield { id: String(id), event: "tick", data: { text: `a\n${id}` } };
    });
  });
  const port = await listen(app);

  const all = await new RawClient(port, get("/events")).ended();
  expect(all).toMatch(/content-type: text\/event-stream; charset=utf-8\r\n/);
  expect(all).toContain("retry: 2000\n\n");
  expect(all).toContain('id: 1\nevent: tick\ndata: {"text":"a\\n1"}\n\n');
  expect(all).toContain("id: 3\n");

  const rest = await new RawClient(port, get("/events", "Last-Event-ID: 2\r\n")).ended();
  expect(rest).not.toContain("id: 2\n");
  expect(rest).toContain("id: 3\n");
  expect(await new RawClient(port, get("/events?last_event_id=2")).ended()).not.toContain("id: 2\n");
});

test("the id of an event that was never sent is refused", async () => {
  const app = await makeServer();
  app.get("/events", async (request) => ({ id: lastEventId(request) ?? null }));
  onTestFinished(() => app.close());
  expect((await app.inject("/events")).json()).toEqual({ id: null });
  const response = await app.inject({ url: "/events", headers: { "last-event-id": "x".repeat(4_097) } });
  expect(response.json()).toMatchObject({ status: 400, code: "EVENT_ID_INVALID" });
});

test("a client is connected at once, gets heartbeats, and its going aborts the source", async () => {
  const app = await makeServer();
  const seen = { aborted: false };
  app.get("/events", async (_request, reply) =>
    sse(reply, (signal) => untilAborted(signal, seen), { heartbeatMs: 20 }),
  );
  const client = new RawClient(await listen(app), get("/events"));
  await vi.waitFor(() => expect(client.received.match(/: still here\n\n/g)?.length).toBeGreaterThan(2));
  expect(seen.aborted).toBe(false);
  client.socket.destroy();
  await vi.waitFor(() => expect(seen.aborted).toBe(true));
});

test("HEAD answers without a body and lets the source go", async () => {
  const app = await makeServer();
  const seen = { aborted: false };
  app.get("/events", async (_request, reply) => sse(reply, (signal) => untilAborted(signal, seen)));
  const client = new RawClient(await listen(app), get("/events").replace("GET", "HEAD"));
  expect(await client.ended()).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\n$/);
  await vi.waitFor(() => expect(seen.aborted).toBe(true));
});

test("closing the server ends streams without waiting for the deadline", async () => {
  const app = await makeServer({ closeDeadlineMs: 600_000 });
  const seen = { aborted: false };
  app.get("/events", async (_request, reply) => sse(reply, (signal) => untilAborted(signal, seen)));
  const client = new RawClient(await listen(app), get("/events"));
  await vi.waitFor(() => expect(client.received).toContain("retry:"));
  await app.close();
  expect(seen.aborted).toBe(true);
  expect(await client.ended()).toMatch(/0\r\n\r\n$/);
});

test("closing the server waits for a request under way, and not for its connection", async () => {
  const app = await makeServer({ closeDeadlineMs: 600_000 });
  const { promise: due, resolve: end } = Promise.withResolvers<void>();
  let asked = false;
  app.get("/slow", async () => {
    asked = true;
    await due;
    return { done: true };
  });
  const client = new RawClient(await listen(app), get("/slow"));
  await vi.waitFor(() => expect(asked).toBe(true));
  const closed = app.close();
  await vi.waitFor(() => expect(app.closing.aborted).toBe(true));
  end();
  await closed;
  expect(await client.ended()).toMatch(/\{"done":true\}$/);
});

test("closing the server ends a connection that has brought no request", async () => {
  const app = await makeServer({ closeDeadlineMs: 600_000 });
  const client = new RawClient(await listen(app), "");
  await vi.waitFor(async () => expect(await connectionsOf(app)).toBe(1));
  await app.close();
  expect(await client.ended()).toBe("");
});

test("closing the server cuts off what does not end by its deadline", async () => {
  const app = await makeServer({ closeDeadlineMs: 50 });
  const { promise: never } = Promise.withResolvers<void>();
  let asked = false;
  app.get("/slow", async () => {
    asked = true;
    await never;
  });
  const client = new RawClient(await listen(app), get("/slow"));
  await vi.waitFor(() => expect(asked).toBe(true));
  await app.close();
  expect(await client.ended()).toBe("");
});

/** Says how far it has come, in bytes. */
function flood(progress: { bytes: number; aborted: boolean }) {
  return async function* (signal: AbortSignal) {
    signal.addEventListener("abort", () => {
      progress.aborted = true;
    });
    const data = "x".repeat(65_536);
    for (;;) {
      yield { data };
      progress.bytes += data.length;
      await turn();
    }
  };
}

test("a slow client is not read ahead of, and gets everything once it reads", async () => {
  const app = await makeServer();
  const progress = { bytes: 0, aborted: false };
  app.get("/events", async (_request, reply) => sse(reply, flood(progress), { heartbeatMs: 1 }));
  const client = new RawClient(await listen(app), get("/events"));
  client.socket.pause();
  let before = -1;
  await vi.waitFor(
    () => {
      const last = before;
      before = progress.bytes;
      expect(before).toBeGreaterThan(0);
      expect(before).toBe(last);
    },
    { timeout: 20_000, interval: 300 },
  );
  client.socket.resume();
  await vi.waitFor(() => expect(progress.bytes).toBeGreaterThan(before * 2), { timeout: 20_000 });
  client.socket.destroy();
  await vi.waitFor(() => expect(progress.aborted).toBe(true));
});

test("a client that takes nothing for too long is cut off", async () => {
  const app = await makeServer();
  const progress = { bytes: 0, aborted: false };
  app.get("/", async (_request, reply) =>
    streamReply(reply, flood(progress), {
      contentType: "text/plain",
      opening: "",
      frame: ({ data }) => data,
      failure: () => "",
      stallMs: 100,
    }),
  );
  const client = new RawClient(await listen(app), get("/"));
  client.socket.pause();
  await vi.waitFor(() => expect(progress.aborted).toBe(true), { timeout: 10_000 });
});

test("a queue that overflows gives what it held, and then says why it ends", async () => {
  const app = await makeServer();
  let queue: StreamQueue<{ data: number }> | undefined;
  app.get("/events", async (_request, reply) =>
    sse(reply, (signal) => {
      queue = new StreamQueue(signal, 3);
      for (let data = 1; data <= 5; data += 1) queue.push({ data });
      return queue;
    }),
  );
  const answer = await new RawClient(await listen(app), get("/events")).ended();
  expect(answer.match(/^data: \d+$/gm)).toEqual(["data: 1", "data: 2", "data: 3"]);
  expect(answer).toMatch(/event: problem\ndata: \{.*"code":"STREAM_TOO_SLOW".*"remedy":"Connect again/);
});

test("a queue wakes its reader for every item, and ends with its signal", async () => {
  const life = new AbortController();
  const queue = new StreamQueue<number>(life.signal);
  const got: number[] = [];
  const reading = (async () => {
    for await (const item of queue) got.push(item);
  })();
  for (let item = 1; item <= 3; item += 1) {
    queue.push(item);
    await vi.waitFor(() => expect(got).toHaveLength(item));
  }
  life.abort();
  await reading;
  queue.push(4);
  expect(got).toEqual([1, 2, 3]);
});

test("a source that fails ends the stream with a problem, whose inside is not told", async () => {
  const app = await makeServer();
  app.get("/events", async (_request, reply) =>
    sse(reply, async function* () {
      yield { data: 1 };
      throw new Error("password");
    }),
  );
  app.get("/lines", async (_request, reply) =>
    ndjson(reply, async function* () {
      yield { line: 1 };
      throw new Error("password");
    }),
  );
  const port = await listen(app);
  const events = await new RawClient(port, get("/events")).ended();
  expect(events).toMatch(/data: 1\n\n[\s\S]*event: problem\ndata: \{.*"code":"INTERNAL"/);
  const lines = await new RawClient(port, get("/lines")).ended();
  expect(lines).toMatch(/content-type: application\/x-ndjson/);
  expect(lines).toMatch(/\{"line":1\}\n[\s\S]*\{"problem":\{.*"code":"INTERNAL"/);
  expect(events + lines).not.toContain("password");
});

test("a plain word is sent as it is, and none that would break out of its line", async () => {
  const app = await makeServer();
  app.get("/events", async (_request, reply) =>
    sse(reply, async function* () {
      yield { event: "ping", text: "init" };
      yield { text: "word\n\nevent: forged" };
    }),
  );
  const received = await new RawClient(await listen(app), get("/events")).ended();
  expect(received).toContain("event: ping\ndata: init\n\n");
  expect(received).not.toContain("forged");
});

test("an event whose id would break out of its line is not sent", async () => {
  const app = await makeServer();
  app.get("/events", async (_request, reply) =>
    sse(reply, async function* () {
      yield { id: "1\ndata: forged", data: 1 };
    }),
  );
  expect(await new RawClient(await listen(app), get("/events")).ended()).not.toContain("forged");
});
