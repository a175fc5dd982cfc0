import type { Command } from "commander";
import { print } from "../output/out.ts";
import { damsonVersion } from "../version.ts";
import { command } from "./command.ts";

/** `damson version` */
export function versionCommand(): Command {
  return command("version", "Other", "print the version of this program").action(async (_flags, self: Command) => {
    const facts = { version: damsonVersion(), node: process.version, platform: `${process.platform}-${process.arch}` };
    const text = `damson ${facts.version} (Node.js ${facts.node}, ${facts.platform})`;
    await print(self.optsWithGlobals().json ? JSON.stringify(facts, null, 2) : text);
  });
}
