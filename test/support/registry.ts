import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { TestContext } from "vitest";
import { leaveOut } from "./leave-out.ts";
import { freePort } from "./ports.ts";
import { findProgram } from "./require-or-skip.ts";
import { runProgram } from "./run-program.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { until } from "./until.ts";

/** A registry of a test; its port stays the same. */
export interface Registry {
  /** What its images' names begin with, e.g. `127.0.0.1:5000`: Docker asks there without TLS, as on all of 127.0.0.0/8. */
  readonly address: string;
  /** Ends it. Once is enough. */
  close(): Promise<void>;
}

/** Who may use a registry. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/**
 * Starts a registry on the loopback, which gives and takes images with these credentials, or, without them, to and from
 * everyone. It is closed when the test ends.
 */
export async function startRegistry(context: TestContext, credentials?: Credentials): Promise<Registry> {
  const program = findProgram("docker-registry") ?? leaveOut(context, "no docker-registry (Debian: docker-registry)");
  const directory = temporaryDirectory();
  const address = `127.0.0.1:${await freePort()}`;
  const configuration = {
    version: 0.1,
    http: { addr: address },
    storage: { filesystem: { rootdirectory: join(directory, "data") }, delete: { enabled: true } },
    ...(credentials && { auth: { htpasswd: { realm: "test", path: join(directory, "htpasswd") } } }),
  };
  // JSON is YAML.
  writeFileSync(join(directory, "config.yml"), JSON.stringify(configuration));
  if (credentials) writeFileSync(join(directory, "htpasswd"), await htpasswd(credentials));
  const log = openSync(join(directory, "log"), "a");
  const child = spawn(program, ["serve", join(directory, "config.yml")], { stdio: ["ignore", log, log] });
  closeSync(log);
  const ended = once(child, "exit");
  const close = async () => {
    child.kill();
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };
  context.onTestFinished(close);
  const running = () => child.exitCode === null && child.signalCode === null;
  await until("the registry answers", async () => !running() || (await fetch(`http://${address}/v2/`)).status < 500);
  if (!running()) throw new Error(`the registry ended:\n${readFileSync(join(directory, "log"), "utf8")}`);
  return { address, close };
}

/** Starts a registry that accepts connections and never answers. It is closed when the test ends. */
export async function startSilentRegistry(context: TestContext): Promise<Registry> {
  const server = createServer();
  const open = new Set<{ destroy(): void }>();
  server.on("connection", (socket) => open.add(socket.on("error", () => undefined).resume()));
  const port = await freePort();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const close = async () => {
    for (const socket of open) socket.destroy();
    if (server.listening) await once(server.close(), "close");
  };
  context.onTestFinished(close);
  return { address: `127.0.0.1:${port}`, close };
}

/** A line of an htpasswd file. Registries take bcrypt alone, which the C library of Debian knows, and Perl passes on. */
async function htpasswd({ user, password }: Credentials): Promise<string> {
  const salt = `$2b$05$${randomBytes(11).toString("hex")}`;
  const environment = { PASSWORD: password, SALT: salt };
  const { stdout } = await runProgram("perl", ["-e", "print crypt($ENV{PASSWORD}, $ENV{SALT})"], { environment });
  return `${user}:${stdout}\n`;
}
