import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { type RawData, WebSocket } from "ws";
import { MAX_MESSAGE_BYTES } from "../../http/index.ts";
import { servedAgent, TOKEN } from "../fixtures/served-agent.ts";

const served = servedAgent();
const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };

/** The client's side of an exec. */
class Client {
  readonly socket: WebSocket;
  readonly output = { 1: "", 2: "" };
  readonly texts: unknown[] = [];
  bytes = 0;
  readonly closed: Promise<number>;

  constructor(query: string, headers: Record<string, string> = AUTHORIZED) {
    const url = `${served.url.replace("http", "ws")}/v1/apps/shop/exec?${query}`;
    this.socket = new WebSocket(url, { headers });
    this.closed = once(this.socket, "close").then(([code]) => code);
    this.socket.on("error", () => undefined);
    this.socket.on("message", (data: RawData, isBinary: boolean) => {
      const message = data as Buffer;
      if (!isBinary) this.texts.push(JSON.parse(message.toString()));
      else if (message[0] === 1 || message[0] === 2) {
        this.output[message[0]] += message.subarray(1);
        this.bytes += message.length - 1;
      }
    });
  }

  async opened(): Promise<this> {
    await once(this.socket, "open");
    return this;
  }

  input(text: string): void {
    this.socket.send(Buffer.concat([Buffer.of(0), Buffer.from(text)]));
  }

  say(message: unknown): void {
    this.socket.send(JSON.stringify(message));
  }
}

function query(command: readonly string[], extra: Record<string, string> = {}): string {
  const all = new URLSearchParams(extra);
  for (const word of command) all.append("command", word);
  return all.toString();
}

function open(command: readonly string[], extra: Record<string, string> = {}): Promise<Client> {
  return new Client(query(command, extra)).opened();
}

/** Status and code of the answer to a request to upgrade that is refused. */
async function refusal(text: string, headers: Record<string, string> = AUTHORIZED): Promise<string> {
  const { socket } = new Client(text, headers);
  const [, response] = await once(socket, "unexpected-response");
  let body = "";
  for await (const chunk of response) body += chunk;
  expect(response.headers["content-type"]).toContain("application/problem+json");
  return `${response.statusCode} ${JSON.parse(body).code}`;
}

describe("an exec", () => {
  test("has its output on two channels, and ends with its exit code", async () => {
    await served.runs();
    const client = await open(["sh", "-c", "echo $GREETING $ADDED; echo oops >&2; exit 7"], { env: "ADDED=a=b" });
    expect(await client.closed).toBe(1000);
    expect(client.output).toEqual({ 1: "hello a=b\n", 2: "oops\n" });
    expect(client.texts).toEqual([{ type: "exit", code: 7 }]);
  });

  test("asks the runtime for what the query says", async () => {
    await served.runs();
    const client = await open(["stty", "size"], {
      env: "A=",
      user: "nobody",
      working_dir: "/etc",
      tty: "true",
      columns: "101",
    });
    await client.closed;
    expect(client.output[1]).toBe("24 101\r\n");
    expect(served.exec.execs.map(({ request }) => request)).toEqual([
      {
        command: ["stty", "size"],
        environment: { A: "" },
        workingDir: "/etc",
        user: "nobody",
        terminal: { columns: 101, rows: 24 },
      },
    ]);
  });

  test("gets the input that was sent before it had started, and its end", async () => {
    await served.runs();
    const client = await open(["cat"], { stdin: "true" });
    client.input("one ");
    client.input("two");
    client.say({ type: "eof" });
    await client.closed;
    expect(client.output[1]).toBe("one two");
    expect(client.texts).toEqual([{ type: "exit", code: 0 }]);
  });

  test("has no input unless it is asked for", async () => {
    await served.runs();
    const client = await open(["cat"]);
    await client.closed;
    expect(client.texts).toEqual([{ type: "exit", code: 0 }]);
  });

  test("outlives input that its command does not take", async () => {
    await served.runs();
    const client = await open(["sh", "-c", "exec <&-; echo closed; sleep 0.2; exit 3"], { stdin: "true" });
    await vi.waitFor(() => expect(client.output[1]).toBe("closed\n"));
    client.input("too late");
    await client.closed;
    expect(client.texts).toEqual([{ type: "exit", code: 3 }]);
  });

  test("takes another size of its terminal", async () => {
    await served.runs();
    const client = await open(["sh", "-c", "echo up; read -r go; stty size"], { tty: "true", stdin: "true" });
    await vi.waitFor(() => expect(client.output[1]).toContain("up"));
    client.say({ type: "resize", columns: 55, rows: 44 });
    client.input("go\n");
    await client.closed;
    expect(client.output[1]).toMatch(/44 55\r\n$/);
  });

  test("tells of a command that cannot be started", async () => {
    await served.runs();
    const client = await open(["no-such-command"]);
    expect(await client.closed).toBe(1008);
    expect(client.texts).toMatchObject([{ type: "error", problem: { code: "EXEC_FAILED", status: 422 } }]);
  });

  test("leaves an event that has the program's name, and nothing of what may be secret", async () => {
    await served.runs();
    const client = await open(["echo", "argument-secret"], { env: "PASSWORD=variable-secret" });
    await client.closed;
    const events = served.scripted.agent.events.since().filter(({ type }) => type === "instance.exec");
    expect(events).toMatchObject([{ app: "shop", instance_id: served.scripted.only().instance_id }]);
    expect(events[0]?.message).toBe('runs "echo"');
    expect(JSON.stringify(events)).not.toContain("secret");
  });

  test("is ended when its client goes", async () => {
    await served.runs();
    const client = await open(["sh", "-c", "echo up; exec sleep 1000"]);
    await vi.waitFor(() => expect(client.output[1]).toBe("up\n"));
    client.socket.terminate();
    await vi.waitFor(() => expect(served.exec.execs[0]?.signal.aborted).toBe(true));
  });

  test("is ended when the agent stops, also when its client does not say good-bye", async () => {
    await served.runs();
    const polite = await open(["sh", "-c", "echo up; exec sleep 1000"]);
    const silent = await open(["sh", "-c", "echo up; exec sleep 1000"]);
    await vi.waitFor(() => expect([polite.output[1], silent.output[1]]).toEqual(["up\n", "up\n"]));
    silent.socket.pause();
    const begun = performance.now();
    await served.close();
    expect(performance.now() - begun).toBeLessThan(4_000);
    expect(await polite.closed).toBe(1001);
    expect(polite.texts).toMatchObject([{ type: "error", problem: { code: "SERVER_CLOSING" } }]);
    expect(served.exec.execs.map(({ signal }) => signal.aborted)).toEqual([true, true]);
    silent.socket.terminate();
  });

  test("loses nothing of an output of 10 MB that is read slowly, and waits meanwhile", async () => {
    await served.runs();
    const client = await open(["sh", "-c", "head -c 10485760 /dev/zero; echo done >&2"]);
    await vi.waitFor(() => expect(client.bytes).toBeGreaterThan(0));
    client.socket.pause();
    const seen = client.bytes;
    await expect.poll(() => client.bytes === seen && client.texts.length === 0).toBe(true);
    client.socket.resume();
    await client.closed;
    expect(client.bytes).toBe(10_485_760 + "done\n".length);
    expect(client.texts).toEqual([{ type: "exit", code: 0 }]);
  });

  test("holds up a client whose command does not read", async () => {
    await served.runs();
    const { directory } = served.scripted;
    const script = "echo up; until [ -e go ]; do sleep 0.05; done; cat >/dev/null; echo read >&2";
    const client = await open(["sh", "-c", script], { stdin: "true", working_dir: directory });
    const chunk = Buffer.alloc(MAX_MESSAGE_BYTES / 2);
    for (let count = 0; count < 100; count += 1) client.socket.send(chunk);
    client.say({ type: "eof" });
    await vi.waitFor(() => expect(client.output[1]).toBe("up\n"));
    expect(client.socket.bufferedAmount, "bytes that wait at the client").toBeGreaterThan(20 * chunk.length);
    await writeFile(join(directory, "go"), "");
    await client.closed;
    expect(client.output[2]).toBe("read\n");
  });
});

describe("messages that are refused", () => {
  test.each([
    ["no JSON", "{", {}],
    ["no type", "{}", {}],
    ["an unknown type", '{"type":"kill"}', {}],
    ["an unknown member", '{"type":"eof","now":true}', { stdin: "true" }],
    ["a size of 0", '{"type":"resize","columns":0,"rows":24}', { tty: "true" }],
    ["a size without rows", '{"type":"resize","columns":80}', { tty: "true" }],
    ["a size without a terminal", '{"type":"resize","columns":80,"rows":24}', {}],
    ["an end of input that there is none of", '{"type":"eof"}', {}],
    ["input that was not asked for", Buffer.from("\0input"), {}],
    ["stdout from the client", Buffer.from("\x01output"), { stdin: "true" }],
    ["an empty binary message", Buffer.alloc(0), { stdin: "true" }],
  ])("%s", async (_name, message, extra) => {
    await served.runs();
    const client = await open(["sleep", "1000"], extra);
    client.socket.send(message);
    expect(await client.closed).toBe(1008);
    expect(client.texts).toMatchObject([{ type: "error", problem: { code: "EXEC_MESSAGE_INVALID", status: 400 } }]);
    expect(served.exec.execs[0]?.signal.aborted).toBe(true);
  });

  test("more than 1 MiB", async () => {
    await served.runs();
    const client = await open(["sleep", "1000"], { stdin: "true" });
    client.socket.send(Buffer.alloc(MAX_MESSAGE_BYTES + 1));
    expect(await client.closed).toBe(1009);
    await vi.waitFor(() => expect(served.exec.execs[0]?.signal.aborted).toBe(true));
  });
});

describe("before the upgrade", () => {
  const command = "command=true";

  test.each([
    ["no token", {}, "401 UNAUTHORIZED"],
    ["a wrong token", { authorization: `Bearer ${TOKEN}x` }, "401 UNAUTHORIZED"],
    ["another Host", { ...AUTHORIZED, host: "evil.example" }, "403 HOST_REFUSED"],
    ["a page of another site", { ...AUTHORIZED, origin: "http://evil.example" }, "403 ORIGIN_REFUSED"],
    ["a page without a site", { ...AUTHORIZED, origin: "null" }, "403 ORIGIN_REFUSED"],
  ])("%s is refused", async (_name, headers, expected) => {
    await served.runs();
    expect(await refusal(command, headers)).toBe(expected);
    expect(served.exec.execs).toEqual([]);
  });

  test("a page of the agent itself is welcome", async () => {
    await served.runs();
    const client = await new Client(command, { ...AUTHORIZED, origin: served.url }).opened();
    expect(await client.closed).toBe(1000);
  });

  test.each([
    "",
    "command=",
    "command=%00",
    "command=true&env=NAME",
    "command=true&env==x",
    "command=true&env=A-B=x",
    "command=true&env=A=%00",
    "command=true&user=",
    "command=true&working_dir=etc",
    "command=true&instance=../x",
    "command=true&tty=maybe",
    "command=true&tty=true&columns=0",
    "command=true&tty=true&rows=100000",
    "command=true&columns=80",
    "command=true&rows=24",
    "command=true&shell=yes",
  ])("a query of %j is refused", async (text) => {
    await served.runs();
    expect(await refusal(text)).toBe("400 QUERY_INVALID");
    expect(served.exec.execs).toEqual([]);
  });

  test("an app that is not there", async () => {
    expect(await refusal(command)).toBe("404 APP_NOT_FOUND");
  });

  test("an app that does not run", async () => {
    await served.runs();
    await served.scripted.agent.stop("shop");
    await served.scripted.reaches("stopped");
    expect(await refusal(command)).toBe("409 NOT_RUNNING");
    const [instance] = served.scripted.status().instances;
    expect(await refusal(`${command}&instance=${instance?.instance_id}`)).toBe("409 NOT_RUNNING");
  });

  test("an instance that is not there", async () => {
    await served.runs();
    expect(await refusal(`${command}&instance=shop-none`)).toBe("404 INSTANCE_NOT_FOUND");
  });

  test("several instances, one of which has to be named", async () => {
    await served.runs(2);
    expect(await refusal(command)).toBe("409 INSTANCE_AMBIGUOUS");
    const [, second] = served.scripted.status().instances;
    const client = await open(["true"], { instance: second?.instance_id ?? "" });
    expect(await client.closed).toBe(1000);
  });

  test("a runtime that cannot do it", async () => {
    await served.runs(1, "scripted");
    expect(await refusal(command)).toBe("422 EXEC_UNSUPPORTED");
  });

  test("a request without the upgrade", async () => {
    await served.runs();
    const response = await served.get(`/v1/apps/shop/exec?${command}`);
    expect(response.status).toBe(426);
    expect(await response.json()).toMatchObject({ code: "UPGRADE_REQUIRED" });
  });
});
