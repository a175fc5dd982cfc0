import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startTestAgent, type TestAgent } from "./testing/agent.ts";
import { BIN, damson, type RunOptions, startDamson } from "./testing/run.ts";

const PLUGINS = fileURLToPath(new URL("./fixtures/exec-plugins.yaml", import.meta.url));
const TOKEN = "a-token-of-enough-characters";

let folder: string;
let agent: TestAgent;
let environment: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "damson-cli-exec-"));
  agent = await startTestAgent(join(folder, "state"), 0, { config: PLUGINS, env: { DAMSON_TOKEN: TOKEN } });
  environment = { DAMSON_AGENT: agent.url, DAMSON_TOKEN: TOKEN };
  await apply("shop", 1);
});

afterAll(async () => {
  await damson(["agent", "stop", "--apps"], { env: environment });
  await agent.end("SIGTERM");
  rmSync(folder, { recursive: true });
});

async function apply(app: string, replicas: number): Promise<void> {
  const file = join(folder, `${app}.json`);
  const pkg = { type: "script", command: ["sleep 1000"], replicas };
  writeFileSync(file, JSON.stringify({ app, version: "v1", pkg, update: { min_running: "100ms" } }));
  expect(await damson(["apply", "-f", file, "--wait"], { env: environment })).toMatchObject({ exitCode: 0 });
}

function exec(words: readonly string[], options: RunOptions = {}) {
  return damson(["exec", ...words], { env: environment, ...options });
}

describe("exec", () => {
  it("has the command's output, and its exit code", async () => {
    const ran = await exec(["shop", "--", "sh", "-c", "echo out; echo err >&2; exit 7"]);
    expect(ran).toEqual({ exitCode: 7, stdout: "out", stderr: "err" });
  });

  it("passes arguments to the letter, those that look like its own too", async () => {
    const { stdout } = await exec(["shop", "--", "printf", "<%s>", "-i", "--json", "a  'b' $HOME", ""]);
    expect(stdout).toBe("<-i><--json><a  'b' $HOME><>");
  });

  it("adds variables, and runs it in another directory", async () => {
    const flags = ["-e", "GREETING=a=b", "--env", "EMPTY=", "-w", "/etc"];
    const { stdout } = await exec(["shop", ...flags, "--", "sh", "-c", 'pwd; echo "$GREETING<$EMPTY>"']);
    expect(stdout).toBe("/etc\na=b<>");
  });

  it("passes on stdin and its end with -i, and none without", async () => {
    const input = "line\n".repeat(200_000);
    expect(await exec(["shop", "-i", "--", "wc", "-c"], { input })).toMatchObject({ stdout: "1000000" });
    expect(await exec(["shop", "--", "wc", "-c"], { input })).toMatchObject({ stdout: "0" });
  });

  it("ends though more could come on stdin", async () => {
    const child = execa(process.execPath, [BIN, "exec", "shop", "-i", "--", "true"], {
      stdin: "pipe",
      ...isolated(),
    });
    expect((await child).exitCode).toBe(0);
  });

  it("writes bytes as they are, and all of them", async () => {
    const script = "printf '\\377\\000\\n'; head -c 5000000 /dev/zero";
    const words = [BIN, "exec", "shop", "--", "sh", "-c", script];
    const { stdout } = await execa(process.execPath, words, {
      ...isolated(),
      encoding: "buffer",
      stripFinalNewline: false,
    });
    expect([...stdout.subarray(0, 3)]).toEqual([255, 0, 10]);
    expect(stdout).toHaveLength(5_000_003);
  });

  it("takes the instance that is named, and asks for a name when several run", async () => {
    await apply("pair", 2);
    const ambiguous = await exec(["pair", "--", "true"]);
    expect(ambiguous).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("error INSTANCE_AMBIGUOUS") });
    const [id = ""] = /pair-[0-9a-f]+/.exec(ambiguous.stderr) ?? [];
    expect(await exec(["pair", "--instance", id, "--", "echo", "there"])).toMatchObject({ stdout: "there" });
  });

  it.each([
    [["none", "--", "true"], 3, "APP_NOT_FOUND"],
    [["shop", "--instance", "shop-none", "--", "true"], 3, "INSTANCE_NOT_FOUND"],
    [["shop", "--", "no-such-command"], 126, "EXEC_FAILED"],
    [["shop", "-w", "etc", "--", "true"], 1, "QUERY_INVALID"],
    [["shop", "-e", "SECRET", "--", "true"], 2, "expected NAME=value"],
    [["shop"], 2, "missing required argument 'command'"],
    [["shop", "-it", "--", "sh"], 2, "stdin is none"],
  ])("%j exits with %d: %s", async (words, exitCode, text) => {
    expect(await exec(words)).toMatchObject({ exitCode, stderr: expect.stringContaining(text) });
  });

  it("exits with 4 when no agent answers, and with 1 without the token", async () => {
    expect(await exec(["shop", "--", "true"], { env: { DAMSON_AGENT: "http://127.0.0.1:1" } })).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining("AGENT_UNREACHABLE"),
    });
    expect(await exec(["shop", "--", "true"], { env: { DAMSON_AGENT: agent.url } })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("UNAUTHORIZED"),
    });
  });

  it("does not put the token into the URL", async () => {
    const heads: string[] = [];
    const server = createServer((socket) => {
      socket.once("data", (data) => {
        heads.push(String(data));
        socket.end("HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const ran = await exec(["shop", "--", "true"], {
      env: { ...environment, DAMSON_AGENT: `http://127.0.0.1:${port}` },
    });
    server.close();
    expect(ran.exitCode).toBe(1);
    const [head = ""] = heads;
    expect(head.split("\r\n", 1)[0]).not.toContain(TOKEN);
    expect(head).toContain(`Bearer ${TOKEN}`);
    expect(ran.stdout + ran.stderr).not.toContain(TOKEN);
  });

  it("is ended by Ctrl-C, and its command with it", async () => {
    const words = ["exec", "shop", "--", "sh", "-c", "echo pid $$; exec sleep 1000"];
    const child = startDamson(words, { env: environment });
    const seen = textOf(child.stdout);
    await vi.waitFor(() => expect(seen()).toMatch(/pid \d+\n/));
    const pid = Number(/pid (\d+)/.exec(seen())?.[1]);
    child.kill("SIGINT");
    expect((await child).exitCode).toBe(130);
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow("ESRCH"));
  });
});

describe("exec in a terminal", () => {
  it("has a terminal of the same size, passes keys on, and gives the terminal back", async () => {
    const { child, seen } = inTerminal(
      `stty columns 91 rows 27; ${damsonExec("-it")} sh -c 'stty size; read -r x; echo got $x; exit 5'`,
    );
    await vi.waitFor(() => expect(seen()).toContain("27 91"), 10_000);
    child.stdin.write("hello\r");
    await vi.waitFor(() => expect(seen()).toContain("got hello"), 10_000);
    await child;
    expect(seen()).toContain("ended with 5\r\n");
    expectCooked(seen());
  });

  it("lets Ctrl-C through to the command", async () => {
    const { child, seen } = inTerminal(
      `${damsonExec("-it")} sh -c 'trap "echo trapped; exit 9" INT; echo up; sleep 1000 & wait'`,
    );
    await vi.waitFor(() => expect(seen()).toContain("up\r\n"), 10_000);
    child.stdin.write("\x03");
    await child;
    expect(seen()).toContain("trapped");
    expect(seen()).toContain("ended with 9\r\n");
    expectCooked(seen());
  });

  it("tells the command of another size", async () => {
    const { child, seen } = inTerminal(
      `stty columns 91 rows 27; tty; ${damsonExec("-it")} sh -c 'trap "stty size; exit" WINCH; echo up; while :; do sleep 0.1; done'`,
    );
    await vi.waitFor(() => expect(seen()).toContain("up\r\n"), 10_000);
    const [terminal = ""] = /\/dev\/pts\/\d+/.exec(seen()) ?? [];
    await execa("stty", ["-F", terminal, "columns", "70", "rows", "20"]);
    await child;
    expect(seen()).toContain("20 70");
  });

  it("gives the terminal back when it is ended by a signal", async () => {
    const { child, seen } = inTerminal(
      `sh -c 'echo pid $$; exec "$@"' sh ${damsonExec("-it")} sh -c 'echo up; exec sleep 1000'`,
    );
    await vi.waitFor(() => expect(seen()).toContain("up\r\n"), 10_000);
    process.kill(Number(/pid (\d+)/.exec(seen())?.[1]), "SIGTERM");
    await child;
    expect(seen()).toContain("ended with 130\r\n");
    expectCooked(seen());
  });

  it("gives the terminal back when the agent is killed, and says that the end is not known", async () => {
    // It ends with its input, since nobody is left to end it.
    const { child, seen } = inTerminal(`${damsonExec("-it")} sh -c 'echo up; exec cat'`);
    await vi.waitFor(() => expect(seen()).toContain("up\r\n"), 10_000);
    await agent.end("SIGKILL");
    await child;
    agent = await startTestAgent(join(folder, "state"), 0, { config: PLUGINS, env: { DAMSON_TOKEN: TOKEN } });
    environment = { ...environment, DAMSON_AGENT: agent.url };
    expect(seen()).toContain("error EXEC_LOST");
    expect(seen()).toContain("ended with 255\r\n");
    expectCooked(seen());
  });

  it("says why, when the agent is stopped", async () => {
    const { child, seen } = inTerminal(`${damsonExec("-it")} sh -c 'echo up; exec sleep 1000'`);
    await vi.waitFor(() => expect(seen()).toContain("up\r\n"), 10_000);
    await agent.end("SIGTERM");
    await child;
    agent = await startTestAgent(join(folder, "state"), 0, { config: PLUGINS, env: { DAMSON_TOKEN: TOKEN } });
    environment = { ...environment, DAMSON_AGENT: agent.url };
    expect(seen()).toContain("error SERVER_CLOSING");
    expect(seen()).toContain("ended with 255\r\n");
    expectCooked(seen());
  });
});

/** What this process does not pass on, and what it does. */
function isolated() {
  const { PATH, HOME } = process.env;
  return {
    env: { PATH, HOME, NO_COLOR: "1", ...environment },
    extendEnv: false,
    reject: false,
    timeout: 60_000,
  } as const;
}

/** The beginning of a command line that runs something in the app, up to the command itself. */
function damsonExec(flags: string): string {
  return `${process.execPath} ${BIN} exec shop ${flags} --`;
}

/** Runs a line of shell in a terminal of its own, and then shows how it ended and the state of the terminal. */
function inTerminal(line: string) {
  const child = execa("script", ["-qfc", `${line}; echo ended with $?; stty -a`, "/dev/null"], {
    ...isolated(),
    stdin: "pipe",
  });
  return { child, seen: textOf(child.stdout) };
}

function textOf(stream: NodeJS.ReadableStream): () => string {
  let text = "";
  stream.on("data", (data) => {
    text += data;
  });
  return () => text;
}

/** `stty -a` says that lines are read whole, echoed, and that Ctrl-C interrupts. */
function expectCooked(text: string): void {
  expect(text).toMatch(/ icanon/);
  expect(text).toMatch(/ echo /);
  expect(text).toMatch(/isig/);
  expect(text).not.toMatch(/-icanon|-isig|-opost/);
}
