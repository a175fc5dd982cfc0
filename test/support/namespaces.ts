import { type Bridge, makeBridge, removeLink } from "./bridge.ts";
import { runProgram } from "./run-program.ts";

/** A network namespace with an address of its own on a bridge of this machine: as a machine of its own at a switch. */
export interface Namespace {
  readonly name: string;
  readonly address: string;
  /** In front of a command: it then runs inside, in the place of these words. */
  readonly before: readonly string[];
  /** Pulls the cable: neither side hears of the other. */
  cut(): Promise<void>;
  /** Puts it in again. */
  mend(): Promise<void>;
}

/** Namespaces on one bridge. */
export interface Network {
  readonly bridge: Bridge;
  readonly namespaces: readonly Namespace[];
  remove(): Promise<void>;
}

/** Whether this process may make namespaces. */
export async function canMakeNamespaces(): Promise<boolean> {
  const name = `damson-try-${process.pid}`;
  try {
    await runProgram("ip", ["netns", "add", name]);
    await runProgram("ip", ["netns", "delete", name]);
    return true;
  } catch {
    return false;
  }
}

/** Makes a bridge, and namespaces that reach this machine by the address of the bridge. They need not reach one another. */
export async function makeNetwork(count: number): Promise<Network> {
  const bridge = await makeBridge();
  const block = bridge.network.split(".")[1] ?? "";
  const namespaces: Namespace[] = [];
  const names: string[] = [];
  const remove = async (): Promise<void> => {
    for (const name of names) await runProgram("ip", ["netns", "delete", name]).catch(() => undefined);
    await removeLink(bridge.name);
  };
  try {
    for (let number = 1; number <= count; number += 1) {
      const name = `damson-${block}-${number}`;
      names.push(name);
      namespaces.push(await makeNamespace(name, bridge, bridge.network.replace(".0/24", `.${10 + number}`)));
    }
  } catch (thrown) {
    await remove();
    throw thrown;
  }
  return { bridge, namespaces, remove };
}

async function makeNamespace(name: string, bridge: Bridge, address: string): Promise<Namespace> {
  // Names of interfaces have at most 15 characters.
  const outside = name.replace("damson", "dm");
  await ip("netns", "add", name);
  await ip("link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", name);
  await ip("link", "set", outside, "master", bridge.name, "up");
  await ip("-n", name, "address", "add", `${address}/24`, "dev", "eth0");
  await ip("-n", name, "link", "set", "eth0", "up");
  await ip("-n", name, "link", "set", "lo", "up");
  return {
    name,
    address,
    before: ["ip", "netns", "exec", name],
    cut: () => ip("link", "set", outside, "down"),
    mend: () => ip("link", "set", outside, "up"),
  };
}

async function ip(...words: string[]): Promise<void> {
  await runProgram("ip", words);
}
