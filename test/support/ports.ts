import { readFileSync } from "node:fs";
import { createServer } from "node:net";

const FIRST = 10_000;
const TRIES = 100;

/**
 * A port of the loopback that nobody uses. It lies below those that the kernel gives to outgoing connections: a server
 * that is down for a moment would else find its port taken by a client that asks for it.
 */
export async function freePort(): Promise<number> {
  const end = Number(readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "utf8").split(/\s+/)[0]);
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const port = FIRST + Math.floor(Math.random() * (end - FIRST));
    if (await isFree(port)) return port;
  }
  throw new Error(`found no free port between ${FIRST} and ${end}`);
}

/** Whether nothing listens on this port of the loopback. */
export function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
