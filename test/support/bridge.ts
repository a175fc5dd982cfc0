import { existsSync } from "node:fs";
import { runProgram } from "./run-program.ts";

/** A network bridge of a test's engine. */
export interface Bridge {
  readonly name: string;
  /** Its addresses, which no other test's bridge has, e.g. `10.200.0.0/24`. */
  readonly network: string;
  /** Its own address, e.g. `10.200.0.1`. */
  readonly address: string;
}

/** Makes a bridge; {@link removeLink} removes it. */
export async function makeBridge(): Promise<Bridge> {
  for (let block = 200; block < 250; block += 1) {
    const bridge = { name: `damson-e2e-${block}`, network: `10.${block}.0.0/24`, address: `10.${block}.0.1` };
    if (!(await added(bridge.name))) continue;
    await ip("address", "add", `${bridge.address}/24`, "dev", bridge.name);
    await ip("link", "set", bridge.name, "up");
    return bridge;
  }
  throw new Error("too many bridges that tests made: `ip link` names them");
}

/** Removes a network interface of this machine, if it is there. */
export async function removeLink(name: string): Promise<void> {
  if (existsSync(`/sys/class/net/${name}`)) await ip("link", "delete", name);
}

async function added(name: string): Promise<boolean> {
  try {
    await ip("link", "add", name, "type", "bridge");
    return true;
  } catch (thrown) {
    if (String(thrown).includes("File exists")) return false;
    throw thrown;
  }
}

function ip(...words: string[]): Promise<unknown> {
  return runProgram("ip", words);
}
