#!/usr/bin/env node
import { existsSync } from "node:fs";
import module from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

const OLDEST_NODE = 24;

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  process.stderr.write(
    `error: damson needs Node.js ${OLDEST_NODE} or newer; this is ${process.version} (${process.execPath}).\n` +
      "In a clone, `npm start` and `npx damson` bring their own; elsewhere install one from https://nodejs.org.\n",
  );
  process.exit(1);
}

// Not in the shared temporary folder, which is the default: what lies in the cache is run.
module.enableCompileCache(join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "damson", "code"));

const sources = new URL("../src/main.ts", import.meta.url);
if (existsSync(sources)) {
  // A clone: Node runs the sources of every workspace as they are, so that nothing has to be built first. Packages from
  // elsewhere may know the condition too, with sources that Node refuses to run.
  module.registerHooks({
    resolve: (specifier, context, next) =>
      specifier.startsWith("@damson/")
        ? next(specifier, { ...context, conditions: [...context.conditions, "source"] })
        : next(specifier, context),
  });
}
const { main } = await import(existsSync(sources) ? sources.href : "../dist/main.js");
await main(process.argv);
