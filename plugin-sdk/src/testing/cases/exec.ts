import { expect } from "vitest";
import type { RuntimeHarness } from "../harness.ts";
import { FLOOD_LINE_BYTES, program } from "../programs.ts";
import type { Scene } from "../scene.ts";
import { refusal } from "../test-agent.ts";
import { AWKWARD, CANARY } from "./awkward.ts";
import { type CaseDefinition, unless } from "./case-definition.ts";

const withExec = ({ capabilities }: RuntimeHarness) => unless(capabilities.exec, "the runtime declares no exec");
const FLOOD_LINES = (10 * 2 ** 20) / FLOOD_LINE_BYTES;

async function unit(scene: Scene, environment: Readonly<Record<string, string>> = {}) {
  const agent = await scene.agent();
  const instance = scene.instance(program({ kind: "runs" }, { environment }));
  const handle = await agent.runReady(instance);
  return { agent, instance, handle, before: await scene.alive(instance) };
}

const cases: readonly CaseDefinition[] = [
  {
    name: "exec gives the command's stdout and stderr apart, and its exit code",
    async run(scene) {
      const { agent, handle } = await unit(scene);
      const ran = await agent.execToEnd(handle, { command: ["sh", "-c", "echo out; echo err >&2"] });
      expect(ran).toEqual({ stdout: "out\n", stderr: "err\n", code: 0 });
    },
  },
  {
    name: "exec reports an exit code that is not 0",
    async run(scene) {
      const { agent, handle } = await unit(scene);
      expect(await agent.execToEnd(handle, { command: ["sh", "-c", "exit 7"] })).toMatchObject({ code: 7 });
    },
  },
  {
    name: "exec passes arguments to the letter",
    async run(scene) {
      const { agent, handle } = await unit(scene);
      const { stdout } = await agent.execToEnd(handle, { command: ["printf", "<%s>", AWKWARD, "", "-n"] });
      expect(stdout).toBe(`<${AWKWARD}><><-n>`);
    },
  },
  {
    name: "a command in exec sees the unit's environment, and what the request adds to it",
    async run(scene) {
      const { agent, handle, instance } = await unit(scene, { GREETING: AWKWARD, REPLACED: "by the package" });
      const environment = { ADDED: AWKWARD, REPLACED: "by the request" };
      const { stdout } = await agent.execToEnd(handle, { command: ["env"], environment });
      const expected = { ...instance.environment, ...environment, GREETING: AWKWARD };
      const lines = Object.entries(expected).map(([name, value]) => `${name}=${value}`);
      expect(stdout.split("\n")).toEqual(expect.arrayContaining(lines));
    },
  },
  {
    name: "a command in exec sees nothing of the agent's own environment",
    async run(scene) {
      const { agent, handle } = await unit(scene);
      process.env[CANARY] = "must not be seen";
      try {
        expect((await agent.execToEnd(handle, { command: ["env"] })).stdout).not.toContain(CANARY);
      } finally {
        delete process.env[CANARY];
      }
    },
  },
  {
    name: "exec runs the command in the directory that is asked for",
    async run(scene) {
      const { agent, handle } = await unit(scene);
      expect((await agent.execToEnd(handle, { command: ["pwd"], workingDir: "/etc" })).stdout).toBe("/etc\n");
    },
  },
  {
    name: "exec passes every byte of the input, and its end",
    async run(scene) {
      const { agent, handle } = await unit(scene);
      const session = await agent.exec(handle, { command: ["cat"] });
      await session.write(Buffer.from("one\n\x00\xff", "latin1"));
      await session.write(Buffer.from("two"));
      session.end();
      const { bytes, code } = await agent.outcome(session);
      expect(bytes.stdout.toString("latin1")).toBe("one\n\x00\xfftwo");
      expect(code).toBe(0);
    },
  },
  {
    name: "exec loses nothing of an output of 10 MB",
    async run(scene) {
      const { agent, handle } = await unit(scene);
      const { script } = program({ kind: "floods", lines: FLOOD_LINES });
      const { stdout } = await agent.execToEnd(handle, { command: ["sh", "-c", script] });
      const lines = Array.from({ length: FLOOD_LINES }, (_, i) => String(i + 1).padStart(FLOOD_LINE_BYTES - 1, "0"));
      expect(stdout === `${lines.join("\n")}\n`, "every byte in order").toBe(true);
    },
  },
  {
    name: "exec of a command that does not exist is refused as EXEC_FAILED (422)",
    async run(scene) {
      const { agent, handle } = await unit(scene);
      const refused = refusal(agent.exec(handle, { command: ["no-such-command-here"] }));
      expect(await refused).toMatchObject({ code: "EXEC_FAILED", status: 422 });
    },
  },
  {
    name: "exec in a run that has ended is refused as NOT_RUNNING (409)",
    async run(scene) {
      const agent = await scene.agent();
      const handle = await agent.run(scene.instance(program({ kind: "exits", code: 0 })));
      await agent.exit(handle);
      const refused = refusal(agent.exec(handle, { command: ["true"] }));
      expect(await refused).toMatchObject({ code: "NOT_RUNNING", status: 409 });
    },
  },
  {
    name: "the abort of an exec ends its command, and nothing else",
    async run(scene) {
      const { agent, handle, instance, before } = await unit(scene);
      const abort = new AbortController();
      const session = await agent.exec(handle, { command: ["sleep", "86400"] }, abort.signal);
      await scene.untilAlive(instance, before.length + 1);
      abort.abort();
      await agent.outcome(session);
      await scene.eventually(async () => expect(await scene.alive(instance)).toEqual(before));
    },
  },
  {
    name: "exec leaves the unit as it was",
    async run(scene) {
      const { agent, handle, instance, before } = await unit(scene);
      await agent.execToEnd(handle, { command: ["sh", "-c", "exit 1"] });
      await scene.eventually(async () => expect(await scene.alive(instance)).toEqual(before));
      await scene.staysTrue(async () => expect(await scene.alive(instance)).toEqual(before));
      await agent.adopt(instance, handle);
    },
  },
  {
    name: "exec works in a unit that an earlier agent started",
    async run(scene) {
      const { handle, instance } = await unit(scene);
      const agent = await scene.agent();
      const adopted = await agent.adopt(instance, handle);
      expect(await agent.execToEnd(adopted, { command: ["echo", "there"] })).toMatchObject({ stdout: "there\n" });
    },
  },
  {
    name: "a command with a terminal has one on all three streams, of the size that is asked for",
    async run(scene) {
      const { agent, handle } = await unit(scene);
      // Some engines can give a terminal its size only once the command runs.
      const script = `
        [ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo terminal >&2
        command -v stty >/dev/null || exit 0
        tries=0
        until [ "$(stty size 2>/dev/null)" = "33 101" ] || [ "$tries" -gt 100 ]; do sleep 0.05; tries=$((tries + 1)); done
        stty size`;
      const terminal = { columns: 101, rows: 33 };
      const { stdout, stderr } = await agent.execToEnd(handle, { command: ["sh", "-c", script], terminal });
      expect(stdout).toMatch(/^terminal\r\n(33 101\r\n)?$/);
      expect(stderr).toBe("");
    },
  },
  {
    name: "a command in exec has no terminal unless it is asked for",
    async run(scene) {
      const { agent, handle } = await unit(scene);
      const { stdout } = await agent.execToEnd(handle, { command: ["sh", "-c", "[ -t 1 ] || echo none"] });
      expect(stdout).toBe("none\n");
    },
  },
  {
    name: "a terminal takes another size while the command runs",
    async run(scene) {
      const { agent, handle } = await unit(scene);
      const script = "read -r go; command -v stty >/dev/null && stty size || echo 44 55";
      const terminal = { columns: 80, rows: 24 };
      const session = await agent.exec(handle, { command: ["sh", "-c", script], terminal });
      await scene.eventually(() => session.resize({ columns: 55, rows: 44 }));
      await session.write(Buffer.from("go\n"));
      expect((await agent.outcome(session)).stdout).toMatch(/44 55\r\n$/);
    },
  },
];

/** Commands that are run inside a unit. */
export const execCases: readonly CaseDefinition[] = cases.map((one) => ({ ...one, leftOut: withExec }));
