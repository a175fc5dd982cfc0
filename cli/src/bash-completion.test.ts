import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BASH_COMPLETION } from "./bash-completion.ts";

let directory: string;

/** Stands for `damson complete`: offers names, and keeps the words that it was given. */
const PROGRAM = `#!/bin/sh
shift 2
printf '%s\\n' "$@" >"$(dirname "$0")/words"
printf 'shop\\tAn app\\nshop two\\nfolder/\\nother\\n:4\\n'
`;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "damson-completion-"));
  writeFileSync(join(directory, "damson"), PROGRAM);
  chmodSync(join(directory, "damson"), 0o755);
});
afterAll(() => rmSync(directory, { recursive: true }));

/** What bash would offer for these words, the last of which is being typed. */
function offered(...words: string[]): string[] {
  const run = `${BASH_COMPLETION}
compopt() { :; }
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_damson_completion
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync("bash", ["--norc", "-c", run, "bash", "damson", ...words], {
    encoding: "utf8",
    env: { PATH: `${directory}:/usr/bin:/bin` },
  });
  expect(stderr).toBe("");
  return stdout.split("\n").filter(Boolean);
}

test("offers what begins like the word, without its description, quoted for the shell", () => {
  expect(offered("logs", "sh")).toEqual(["shop", "shop\\ two"]);
  expect(offered("logs", "")).toEqual(["shop", "shop\\ two", "folder/", "other"]);
});

test("never runs what is being typed", () => {
  const trap = join(directory, "ran");
  offered("logs", `$(touch ${trap})`, `; touch ${trap};`, `\`touch ${trap}\``, "");
  expect(existsSync(trap)).toBe(false);
});

test("can be sourced twice", () => {
  const { status, stderr } = spawnSync("bash", ["--norc", "-c", `${BASH_COMPLETION}${BASH_COMPLETION}`], {
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([0, ""]);
});
