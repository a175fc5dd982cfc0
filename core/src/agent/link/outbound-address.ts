import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";

const LOOKUP_MS = 2_000;

/**
 * The address of this machine from which it reaches the URL's host: a datagram socket that is connected knows, and nothing
 * is sent. `undefined` when the host's name is not known, or there is no way to it.
 */
export async function outboundAddress(url: string): Promise<string | undefined> {
  const { hostname, port } = new URL(url);
  const name = hostname.replace(/^\[|\]$/g, "");
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), LOOKUP_MS).unref();
  const found = await Promise.race([lookup(name).catch(() => undefined), late.promise]);
  clearTimeout(timer);
  if (!found) return undefined;
  const socket = createSocket(found.family === 6 ? "udp6" : "udp4");
  try {
    return await new Promise<string>((resolve, reject) => {
      socket.once("error", reject);
      socket.connect(Number(port) || 80, found.address, () => resolve(socket.address().address));
    });
  } catch {
    return undefined;
  } finally {
    socket.close();
  }
}
